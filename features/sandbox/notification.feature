Feature: Notifications
  QFPay tells of payments and refunds until it hears SUCCESS, or gives up after fifteen hours and more.

  Background:
    Given an integrator with an App
    And the integrator answers notifications with "SUCCESS"

  @notification
  Scenario: Of a payment
    When a payer orders
    And the payer pays
    Then the integrator hears 1 notification
    And the notification is "signed"
    And QFPay has 0 notifications pending

  @notification
  Scenario: The fields of a payment, in their order
    When a payer orders
    And the payer pays
    Then the integrator hears 1 notification
    And the notification's fields are "status pay_type sysdtm paydtm goods_name txcurrcd txdtm txamt chnlsn2 out_trade_no syssn cash_fee_type cancel respcd goods_info cash_fee notify_type chnlsn cardcd"

  @notification
  Scenario: The fields of a refund, in their order
    When a payer orders with txamt "300"
    And the payer pays
    And the integrator refunds "100"
    Then the integrator hears 2 notifications
    And the notification is "signed, of a refund"
    And the notification's fields are "sysdtm txcurrcd orig_out_trade_no txdtm txamt orig_syssn out_trade_no syssn respcd notify_type"

  @notification
  Scenario: An agent's shop is named
    Given an integrator with an App of shop "ZaMVg12345"
    And the integrator answers notifications with "SUCCESS"
    When a payer orders
    And the payer pays
    Then the integrator hears 1 notification
    And the notification's fields are "status pay_type sysdtm paydtm goods_name txcurrcd txdtm mchid txamt chnlsn2 out_trade_no syssn cash_fee_type cancel respcd goods_info cash_fee notify_type chnlsn cardcd"

  @notification
  Scenario: A refund is told of when it has arrived
    Given the App's refund delay is "90s"
    When a payer orders with txamt "300"
    And the payer pays
    And the integrator refunds "300"
    Then the integrator hears 1 notification
    When 90 seconds pass
    Then the integrator hears 1 notification

  @notification
  Scenario: The ladder to its end
    Given the integrator answers notifications with "FAIL"
    When a payer orders
    And the payer pays
    And 2 days pass
    Then QFPay tried at "10:00:00, 10:02:00, 10:12:00, 10:22:00, 11:22:00, 13:22:00, 19:22:00, 10:22:00"
    And QFPay has 0 notifications pending

  @notification
  Scenario: The ladder ends at SUCCESS
    Given the integrator answers notifications with "FAIL"
    When a payer orders
    And the payer pays
    And 2 minutes pass
    And the integrator answers notifications with "SUCCESS"
    And 1 day passes
    Then QFPay tried at "10:00:00, 10:02:00, 10:12:00"

  @notification
  Scenario Outline: The answer "<answer>"
    Given the integrator answers notifications with "<answer>"
    When a payer orders
    And the payer pays
    Then QFPay has <count> notifications pending

    Examples:
      | answer   | count |
      | SUCCESS  | 0     |
      | success  | 1     |
      | OK       | 1     |
      |          | 1     |

  @notification
  Scenario: Sent again by hand
    When a payer orders
    And the payer pays
    Then the integrator hears 1 notification
    When QFPay sends the notification again
    Then the integrator hears 1 notification
    And the notification is "signed"

  @notification
  Scenario: Sent to another address by hand
    When a payer orders
    And the payer pays
    And QFPay sends the notification again to another address
    Then the integrator hears 2 notifications
    And the notification is "signed, at the other address"

  @notification
  Scenario: The order's own address goes before the App's
    When a payer orders with notify_url "the other address"
    And the payer pays
    Then the integrator hears 1 notification
    And the notification is "signed, at the other address"

  @notification
  Scenario: Nobody is told of what nobody paid
    When a payer orders
    And the payer cancels
    And the integrator closes
    And 1 day passes
    Then the integrator hears 0 notifications

  @notification
  Scenario: Nobody to tell
    Given an integrator with an App
    When a payer orders
    And the payer pays
    Then the journal holds the finding "notify-url-missing"
    And QFPay has 0 notifications pending

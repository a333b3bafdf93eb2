Feature: Delivery plans
  When QFPay tells of what, and what is wrong with it, can be planned for an App or one order.

  Background:
    Given an integrator with an App
    And the integrator answers notifications with "SUCCESS"

  @delivery
  Scenario Outline: The variant <variant>
    Given QFPay delivers:
      | on   | variant   |
      | paid | <variant> |
    When a payer orders with txamt "300"
    And the payer pays
    Then the integrator hears <count> notifications
    And the notification is "<is>"

    Examples:
      | variant               | count | is                                     |
      | good                  | 1     | signed                                 |
      | duplicate             | 2     | signed                                 |
      | concurrent-duplicates | 10    | signed                                 |
      | bad-signature         | 1     | wrongly signed                         |
      | other-app-signature   | 1     | wrongly signed                         |
      | wrong-amount          | 1     | signed, another amount                 |
      | wrong-currency        | 1     | signed, another currency               |
      | unknown-order         | 1     | signed, another order                  |
      | extra-fields          | 1     | signed, with unknown fields            |
      | compact               | 1     | signed, compact                        |
      | slash-and-non-ascii   | 1     | signed, with a slash and other scripts |
      | truncated             | 1     | signed, no JSON                        |
      | wrong-content-type    | 1     | signed, of type text/plain             |

  @delivery
  Scenario: Never
    Given QFPay delivers:
      | on   | variant |
      | paid | never   |
    When a payer orders
    And the payer pays
    And 2 days pass
    Then the integrator hears 0 notifications

  @delivery
  Scenario: What must be refused comes once
    Given the integrator answers notifications with "FAIL"
    And QFPay delivers:
      | on   | variant       |
      | paid | bad-signature |
    When a payer orders
    And the payer pays
    And 2 days pass
    Then the integrator hears 1 notification

  @delivery
  Scenario: An older state after a refund
    Given QFPay delivers:
      | on       | variant     |
      | refunded | older-state |
    When a payer orders with txamt "300"
    And the payer pays
    And the integrator refunds "300"
    Then the integrator hears 1 notification
    And the notification is "signed"

  @delivery
  Scenario: Of a close
    Given QFPay delivers:
      | on     |
      | closed |
    When a payer orders
    And the integrator closes
    Then the integrator hears 1 notification
    And the notification is "signed, of a close"

  @delivery
  Scenario: Before the payer comes back
    Given QFPay delivers:
      | on   | before the return |
      | paid | yes               |
    When a payer orders
    And the payer pays
    Then the integrator had heard 1 notification when the payer came back

  @delivery
  Scenario: When the payer has come back
    Given QFPay delivers:
      | on       | after |
      | returned | 0s    |
    When a payer orders
    And the payer pays
    Then the integrator had heard 0 notifications when the payer came back
    And the integrator hears 1 notification

  @delivery
  Scenario: A payer who never comes back
    Given QFPay delivers:
      | on       |
      | returned |
    And the payer's behaviour is "pays-never-returns"
    When a payer orders
    And the payer opens the wallet
    And 2 days pass
    Then the integrator hears 0 notifications

  @delivery
  Scenario: Some time after
    Given QFPay delivers:
      | on       | after |
      | paid     | 5m    |
      | returned | 7m    |
    When a payer orders
    And the payer pays
    And 1 hour passes
    Then QFPay tried at "10:05:00, 10:07:00"

  @delivery
  Scenario: One order's own plan
    Given QFPay delivers for "T1":
      | on   | variant |
      | paid | never   |
    When a payer orders with out_trade_no "T1"
    And the payer pays
    Then the integrator hears 0 notifications
    When a payer orders with out_trade_no "T2"
    And the payer pays
    Then the integrator hears 1 notification

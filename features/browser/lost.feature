Feature: A bridge that does not come
  Some sessions never get one; the payer is shown a way on, and the order can still be paid.

  Background:
    Given the payer's bridge is "never"
    And a payer with WeChat on Android

  @cashier @lost
  Scenario: QFPay's cashier waits in vain
    When the payer tries to order from the merchant
    Then the payer's page says "WeChat's bridge did not appear"
    When the payer's bridge comes after all
    And the payer goes back to the cashier and pays
    Then the merchant's order becomes paid
    And the merchant made one payment at QFPay

  @own @lost
  Scenario: The merchant's own page waits in vain
    When the payer tries to order from the merchant
    Then the payer's page says "WeChat Pay has not opened"
    When the payer's bridge comes after all
    And the payer goes back to the cashier and pays
    Then the merchant's order becomes paid
    And the merchant made one payment at QFPay

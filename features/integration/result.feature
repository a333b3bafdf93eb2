Feature: Result
  What the payer's browser says after the wallet proves nothing.

  Background:
    Given a payer with WeChat on an iPhone

  @RES-01 @must @browser
  Scenario: The payer cancels, and pays later
    When the payer orders from the merchant
    And the payer cancels in the wallet
    Then the merchant shows the payer the order
    And the merchant's order is not paid
    When the payer goes back to the cashier and pays
    Then the merchant's order becomes paid

  @RES-02 @must @browser @needs-shipments
  Scenario: The browser is back before any notification
    Given QFPay's notifications come 10 minutes late
    When the payer orders and pays
    Then the merchant shows the payer the order
    When 10 minutes pass
    Then the merchant acknowledges QFPay's notification
    And the merchant's order becomes paid
    And the merchant has shipped once

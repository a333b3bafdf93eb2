Feature: Payment
  The main thing: money is paid, goods are shipped.

  @PAY-01 @must @browser
  Scenario: A payer pays
    Given a payer with WeChat on an iPhone
    When the payer orders from the merchant
    And the payer pays in the wallet
    Then the merchant acknowledges QFPay's notification
    And the merchant's order becomes paid

  @PAY-02 @must @browser @needs-shipments
  Scenario: The merchant ships once, and not before
    Given a payer with WeChat on Android
    When the payer orders from the merchant
    Then the merchant has shipped nothing
    When the payer pays in the wallet
    Then the merchant acknowledges QFPay's notification
    And the merchant's order becomes paid
    And the merchant has shipped once

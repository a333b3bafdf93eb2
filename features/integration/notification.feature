Feature: Notification
  QFPay tells the merchant by a signed POST, perhaps more than once. Others may try to.

  Background:
    Given a payer with WeChat on an iPhone

  @NTF-01 @must @browser
  Scenario: A forged notification is refused, the genuine one accepted
    When the payer orders from the merchant
    And somebody forges QFPay's notification
    Then the merchant does not acknowledge it
    And the merchant's order is not paid
    When the payer pays in the wallet
    Then the merchant acknowledges QFPay's notification
    And the merchant's order becomes paid

  @NTF-02 @must @browser @needs-shipments
  Scenario: A notification comes again
    When the payer orders and pays
    Then the merchant acknowledges QFPay's notification
    When QFPay sends the notification again
    Then the merchant acknowledges QFPay's notification
    And the merchant's order becomes paid
    And the merchant has shipped once

Feature: Several payers, several tabs
  The browser is the payer's; nobody sees another's order, and no address of a merchant's says who pays.

  @shop @payers
  Scenario: Two payers at the same time
    Given a payer with WeChat on an iPhone
    And another payer with WeChat on Android
    When the payer orders from the merchant
    And the other payer orders from the merchant
    And both pay at once
    Then the merchant's order becomes paid
    And the other order becomes paid

  @shop @payers
  Scenario: One pays, the other cancels
    Given a payer with WeChat on an iPhone
    And another payer with WeChat on Android
    When the payer orders from the merchant
    And the other payer orders from the merchant
    And the payer pays in the wallet
    And the other payer cancels in the wallet
    Then the other order is not paid

  @shop @payers
  Scenario: One payer with two tabs
    Given a payer with WeChat on an iPhone
    And the payer has another tab
    When the payer orders from the merchant
    And the payer orders from the merchant in the other tab
    And both pay at once
    Then the merchant's order becomes paid
    And the other order becomes paid

  @shop @payers
  Scenario: Who pays is between the phone and WeChat
    Given a payer with WeChat on an iPhone
    And another payer with WeChat on Android
    When the payer orders from the merchant
    And the other payer orders from the merchant
    And both pay at once
    Then no address at the merchant names a payer

Feature: Environment
  WeChat Pay opens inside WeChat only. A merchant tells by the User-Agent where it is.

  @ENV-01 @must @browser
  Scenario Outline: WeChat on <phone> reaches the cashier
    Given a payer with WeChat on <phone>
    When the payer orders from the merchant
    Then the wallet is open

    Examples:
      | phone         |
      | an iPhone     |
      | Android       |

  @ENV-02 @must @browser
  Scenario Outline: <browser> gets guidance, not an order
    Given a payer with <browser>
    When the payer tries to order from the merchant
    Then the merchant shows the payer a page
    And the merchant made no payment at QFPay
    When the payer moves to WeChat on an iPhone
    And the payer orders from the merchant
    Then the wallet is open

    Examples:
      | browser              |
      | Chrome on Android    |
      | Safari on an iPhone  |

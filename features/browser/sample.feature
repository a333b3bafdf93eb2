Feature: QFPay's published sample
  A shop with the sample's habits gets paid here as it would at QFPay, and the journal says what is wrong with each.

  @sample
  Scenario Outline: A payment leaves <finding>
    Given a payer with WeChat on an iPhone
    When the payer orders from the merchant
    And the payer pays in the wallet
    Then the order is "paid"
    And the journal holds the finding "<finding>"

    Examples:
      | finding                |
      | redirect-uri-raw       |
      | parameters-in-query    |
      | amount-one-cent        |
      | redirect-url-no-scheme |
      | notify-url-missing     |

  @sample-price
  Scenario: The amount at the cashier was not changed with the price
    Given a payer with WeChat on an iPhone
    When the payer orders from the merchant
    Then the journal holds the finding "cashier-amount-differs"

  @sample-misspelt
  Scenario: The sample's spelling of WeChat's token knows no browser
    Given a payer with WeChat on an iPhone
    When the payer tries to order from the merchant
    Then the payer's page says "Please open this page in WeChat"
    And the merchant made no payment at QFPay

Feature: What an account may do
  Currencies and pay types are opened one by one.

  Background:
    Given an integrator with an App

  @account
  Scenario Outline: An App with HKD and JPY is asked for <currency>
    Given the App's currencies are "HKD, JPY"
    When a payer orders with txcurrcd "<currency>"
    Then QFPay answers with respcd "<respcd>"

    Examples:
      | currency | respcd |
      | HKD      | 0000   |
      | JPY      | 0000   |
      | THB      | 1104   |

  @account
  Scenario: A pay type that is not opened
    Given the App's pay types are "800207, 800201"
    When a payer orders with pay_type "800213"
    Then QFPay answers {"resperr": "\u83b7\u53d6\u7528\u6237\u652f\u4ed8\u901a\u9053\u5931\u8d25", "respcd": "1104", "respmsg": "filter error"}
    And the journal holds the finding "pay-type-not-enabled"

  @account
  Scenario: A pay type that is opened later
    Given the App's pay types are "800201"
    When a payer orders
    Then QFPay answers with respcd "1104"
    When the App's pay types are "800201, 800207"
    And a payer orders
    Then QFPay answers with respcd "0000"

  @account
  Scenario Outline: A Canadian account pays <pay_type> on a page
    Given the App's Canadian account is "on"
    And the App's currencies are "CAD"
    When a payer orders with pay_type "<pay_type>" and txcurrcd "CAD" and return_url "http://merchant.test/thanks"
    Then QFPay's answer gives a page to open
    When the payer pays
    Then the page hears "http://merchant.test/thanks"
    And the order is "paid"

    Examples:
      | pay_type |
      | 800207   |
      | 800212   |

  @account
  Scenario: Elsewhere 800207 is for WeChat's bridge
    When a payer orders with pay_type "800207"
    Then QFPay's answer gives parameters for WeChat's bridge

Feature: Pay types
  What the answer gives the merchant depends on how payer and merchant meet.

  Background:
    Given an integrator with an App

  @pay_type
  Scenario Outline: <pay_type> gives <gives>
    When a payer orders with pay_type "<pay_type>"
    Then QFPay's answer gives <gives>
    And QFPay's answer is signed with the App's key
    When the payer pays
    Then the order is "paid"

    Examples: the merchant shows a code
      | pay_type | gives          |
      | 800201   | a code to show |
      | 800101   | a code to show |
      | 801501   | a code to show |
      | 805801   | a code to show |
      | 800701   | a code to show |
      | 802001   | a code to show |
      | 803701   | a code to show |

    Examples: a page
      | pay_type | gives          |
      | 800212   | a page to open |
      | 801101   | a page to open |
      | 801107   | a page to open |
      | 801514   | a page to open |
      | 801512   | a page to open |
      | 805814   | a page to open |
      | 800712   | a page to open |
      | 803714   | a page to open |

    Examples: inside WeChat, and in apps
      | pay_type | gives                          |
      | 800207   | parameters for WeChat's bridge |
      | 800213   | parameters for WeChat's bridge |
      | 800210   | parameters for WeChat's SDK    |
      | 801010   | parameters for WeChat's SDK    |

  @pay_type
  Scenario: The page sends the payer back
    When a payer orders with pay_type "801101" and txamt "300" and return_url "http://merchant.test/thanks"
    And the payer pays
    Then the page hears "http://merchant.test/thanks"

  @pay_type
  Scenario: A payer who cancels on the page
    When a payer orders with pay_type "801107"
    And the payer cancels
    Then WeChat shows "未付款"
    And the order is "created"

  @pay_type
  Scenario Outline: <pay_type> without what it needs
    When a payer orders with pay_type "<pay_type>" and <name> ""
    Then QFPay answers with respcd "1104"
    And the journal holds the finding "parameter-<name>"

    Examples:
      | pay_type | name        |
      | 800213   | sub_openid  |
      | 800208   | auth_code   |
      | 800212   | extend_info |
      | 800210   | goods_name  |

  @pay_type
  Scenario Outline: 801101 of <amount> cents
    When a payer orders with pay_type "801101" and txamt "<amount>"
    Then QFPay answers with respcd "<respcd>"

    Examples:
      | amount | respcd |
      | 100    | 1104   |
      | 101    | 0000   |

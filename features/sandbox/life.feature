Feature: The life of an order
  One table of transitions decides; an enquiry's record says the state by its respcd and cancel.

  Background:
    Given an integrator with an App

  @life
  Scenario Outline: <state>, after <first>, <second>, <third>
    When a payer orders with txamt "300" and out_trade_no "T1" and pay_type "<pay_type>"
    And <first>
    And <second>
    And <third>
    And the integrator enquires with out_trade_no "T1"
    Then QFPay lists:
      | respcd   | cancel   |
      | <respcd> | <cancel> |
    And the order is "<state>"

    Examples: paid in WeChat
      | pay_type | first                 | second                       | third                        | respcd | cancel | state           |
      | 800207   | 1 second passes       | 1 second passes              | 1 second passes              | 1143   | 0      | created         |
      | 800207   | the payer pays        | 1 second passes              | 1 second passes              | 0000   | 0      | paid            |
      | 800207   | the payer pays        | 2 hours pass                 | 1 day passes                 | 0000   | 0      | paid            |
      | 800207   | the payer cancels     | 1 second passes              | the payer pays               | 0000   | 0      | paid            |
      | 800207   | the integrator closes | 1 second passes              | 1 second passes              | 1142   | 2      | closed          |
      | 800207   | the integrator closes | the payer pays               | 2 hours pass                 | 1142   | 2      | closed          |
      | 800207   | 2 hours pass          | 1 second passes              | the payer pays               | 1181   | 0      | expired         |
      | 800207   | 2 hours pass          | the integrator closes        | 1 second passes              | 1142   | 2      | closed          |
      | 800207   | the payer pays        | the integrator refunds "100" | 1 second passes              | 0000   | 5      | partly refunded |
      | 800207   | the payer pays        | the integrator refunds "100" | the integrator refunds "100" | 0000   | 5      | partly refunded |
      | 800207   | the payer pays        | the integrator refunds "100" | the integrator refunds "200" | 0000   | 3      | refunded        |
      | 800207   | the payer pays        | the integrator refunds "300" | the integrator closes        | 0000   | 3      | refunded        |

  @life
  Scenario Outline: After <seconds> seconds an order of <pay_type> is <state>
    When a payer orders with pay_type "<pay_type>" and expired_time "<minutes>"
    And <seconds> seconds pass
    And the payer pays
    Then the order is "<state>"

    Examples:
      | pay_type | minutes | seconds | state   |
      | 800207   |         | 7199    | paid    |
      | 800207   |         | 7200    | expired |
      | 800201   | 5       | 299     | paid    |
      | 800201   | 5       | 300     | expired |
      | 800201   | 120     | 7199    | paid    |
      | 800201   |         | 1800    | expired |
      | 800213   | 6       | 360     | expired |

  @life
  Scenario Outline: An expired_time of "<minutes>" minutes
    When a payer orders with pay_type "800201" and expired_time "<minutes>"
    Then QFPay answers with respcd "1104"

    Examples:
      | minutes |
      | 4       |
      | 121     |
      | soon    |

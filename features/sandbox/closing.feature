Feature: Close and reversal
  Either ends an order nobody has paid; which wallets each takes, the documents disagree about.

  Background:
    Given an integrator with an App

  @close
  Scenario Outline: The integrator <ends> an unpaid order
    When a payer orders with out_trade_no "T1"
    And the integrator <ends>
    Then QFPay answers with respcd "0000"
    When the integrator enquires
    Then QFPay lists:
      | out_trade_no | respcd | cancel |
      | T1           | 1142   | 2      |

    Examples:
      | ends     |
      | closes   |
      | reverses |

  @close
  Scenario: The number stays used
    When a payer orders
    And the integrator closes
    And the integrator creates the same payment again
    Then QFPay answers with respcd "1251"

  @close
  Scenario: A closed order cannot be paid
    When a payer orders
    And the integrator closes
    And the payer pays
    Then WeChat shows "该订单已关闭"
    And the order is "closed"

  @close
  Scenario Outline: An order that is <state>
    When a payer orders with txamt "300"
    And the payer pays
    And the integrator refunds "<refund>"
    And the integrator closes
    Then QFPay answers with respcd "<respcd>"
    And the order is "<state>"

    Examples:
      | state           | refund | respcd |
      | paid            | 301    | 1260   |
      | partly refunded | 100    | 1260   |
      | refunded        | 300    | 1262   |

  @close
  Scenario: Closed twice
    When a payer orders
    And the integrator closes
    And the integrator closes
    Then QFPay answers with respcd "1264"

  @close
  Scenario: An order that has expired
    When a payer orders
    And 2 hours pass
    And the integrator closes
    Then QFPay answers with respcd "0000"
    And the order is "closed"

  @close
  Scenario: A number nobody used
    When a payer orders
    And the integrator closes with out_trade_no "NOBODY"
    Then QFPay answers {"resperr": "\u4ea4\u6613\u5931\u8d25\uff0c\u8bf7\u8054\u7cfb\u5ba2\u670d(1136)", "respcd": "1136", "respmsg": "", "out_trade_no": ""}
    And the order is "created"

  @close
  Scenario: Two numbers of two orders
    When a payer orders with out_trade_no "T1"
    And a payer orders with out_trade_no "T2"
    And the integrator closes with syssn "of T1" and out_trade_no "T2"
    Then QFPay answers with respcd "1136"

  @close
  Scenario Outline: By the mapping "<mapping>" the integrator <ends> an order of <pay_type>
    Given the App's cancelling is "<mapping>"
    When a payer orders with pay_type "<pay_type>"
    And the integrator <ends>
    Then QFPay answers with respcd "<respcd>"

    Examples: a code of Alipay's
      | mapping          | pay_type | ends     | respcd |
      | either           | 800101   | closes   | 0000   |
      | either           | 800101   | reverses | 0000   |
      | developer-center | 800101   | reverses | 0000   |
      | developer-center | 800101   | closes   | 1297   |
      | newest           | 800101   | reverses | 0000   |
      | newest           | 800101   | closes   | 1297   |

    Examples: a code of WeChat's
      | mapping          | pay_type | ends     | respcd |
      | developer-center | 800201   | closes   | 0000   |
      | developer-center | 800201   | reverses | 1297   |
      | newest           | 800201   | reverses | 0000   |
      | newest           | 800201   | closes   | 1297   |

    Examples: inside WeChat
      | mapping          | pay_type | ends     | respcd |
      | developer-center | 800207   | closes   | 0000   |
      | developer-center | 800207   | reverses | 1297   |

Feature: Faults
  A fault waits for a call it fits, and makes it go wrong on purpose.

  Background:
    Given an integrator with an App

  @fault
  Scenario: The answer of a payment is lost, the order is there
    Given the App has the fault:
      | route   | effect    |
      | payment | cut=after |
    When a payer orders with out_trade_no "T1"
    Then QFPay answers nothing
    When the integrator enquires
    Then QFPay lists:
      | out_trade_no | respcd |
      | T1           | 1143   |

  @fault
  Scenario Outline: The connection ends <where> the work
    Given the App has the fault:
      | route   | effect      |
      | payment | cut=<where> |
    When a payer orders
    Then QFPay answers nothing
    When the integrator enquires
    Then QFPay lists nothing

    Examples:
      | where  |
      | before |
      | during |

  @fault
  Scenario: A proxy gives up, the work is done
    Given the App has the fault:
      | route  | effect              |
      | refund | http=504,after-work |
    When a payer orders with txamt "300"
    And the payer pays
    And the integrator refunds "300"
    Then QFPay answers with HTTP 504
    And the order is "refunded"

  @fault
  Scenario Outline: From the <nth>. call on, <times> times
    Given the App has the fault:
      | route | effect | nth   | times   |
      | query | 1296   | <nth> | <times> |
    When the integrator enquires <calls> times
    Then QFPay answers with respcd "<respcd>"
    And the fault has matched <calls> and fired <fired> times

    Examples:
      | nth | times | calls | respcd | fired |
      | 1   | 1     | 1     | 1296   | 1     |
      | 1   | 1     | 2     | 0000   | 1     |
      | 3   | 2     | 2     | 0000   | 0     |
      | 3   | 2     | 3     | 1296   | 1     |
      | 3   | 2     | 4     | 1296   | 2     |
      | 3   | 2     | 5     | 0000   | 2     |

  @fault
  Scenario: Of one order only
    Given the App has the fault:
      | route   | order | effect |
      | payment | T2    | 1252   |
    When a payer orders with out_trade_no "T1"
    Then QFPay answers with respcd "0000"
    When a payer orders with out_trade_no "T2"
    Then QFPay answers with respcd "1252"

  @fault
  Scenario: A fault nobody met
    Given the App has the fault:
      | route  | effect |
      | refund | 1155   |
    When a payer orders
    Then the fault has matched 0 and fired 0 times

  @fault
  Scenario: Spoiled JSON is signed all the same
    Given the App has the fault:
      | route | effect         |
      | query | malformed-json |
    When the integrator enquires
    Then QFPay's answer is no JSON
    And QFPay's answer is signed with the App's key

  @fault
  Scenario: A login that fails
    Given the App has the fault:
      | route             | effect |
      | get_weixin_openid | 1296   |
    When a payer logs in
    And the integrator exchanges the code
    Then QFPay answers with respcd "1296"

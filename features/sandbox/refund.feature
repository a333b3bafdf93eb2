Feature: Refunds
  In parts or whole, never more than was paid, within the wallet's window and the day's hours.

  Background:
    Given an integrator with an App
    When a payer orders with txamt "300" and out_trade_no "T1"

  @refund
  Scenario: In parts
    When the payer pays
    And the integrator refunds "100" as "R1"
    Then the order is "partly refunded"
    When the integrator refunds "200" as "R2"
    Then QFPay answers with respcd "0000"
    And the order is "refunded"

  @refund
  Scenario: More than is left
    When the payer pays
    And the integrator refunds "100" as "R1"
    And the integrator refunds "201" as "R2"
    Then QFPay answers with respcd "1272"
    And the order is "partly refunded"
    And the journal holds the finding "refund-over-remainder"

  @refund
  Scenario: A refusal names the payment and no refund
    When the payer pays
    And the integrator refunds "300" as "R1"
    And the integrator refunds "300" as "R2"
    Then QFPay answers with respcd "1264"
    When the integrator enquires with out_trade_no "R2"
    Then QFPay lists nothing

  @refund
  Scenario: A number of its own
    When the payer pays
    And the integrator refunds "100" as "T1"
    Then QFPay answers with respcd "1251"
    And the order is "paid"

  @refund
  Scenario: An unpaid order
    When the integrator refunds "300"
    Then QFPay answers with respcd "1261"

  @refund
  Scenario: A closed order
    When the integrator closes
    And the integrator refunds "300"
    Then QFPay answers with respcd "1264"

  @refund
  Scenario Outline: A refund of <what>
    When the payer pays
    And the integrator refunds "100" as "R1"
    And the integrator refunds "100" of "<what>"
    Then QFPay answers with respcd "1136"

    Examples:
      | what                       |
      | 20260314000000000000000000 |
      | R1                         |

  @refund
  Scenario Outline: At <time> no money goes back, in the zone of UTC+8
    Given the App's clock reads "2026-03-14 11:00:00"
    When the payer pays
    And the App's clock reads "<time>"
    And the integrator refunds "300"
    Then QFPay answers with respcd "<respcd>"

    Examples:
      | time                | respcd |
      | 2026-03-14 23:29:59 | 0000   |
      | 2026-03-14 23:30:00 | 1265   |
      | 2026-03-15 00:29:59 | 1265   |
      | 2026-03-15 00:30:00 | 0000   |

  @refund
  Scenario Outline: The window of <wallet> is <days> days
    When a payer orders with txamt "300" and pay_type "<pay_type>"
    And the payer pays
    And <days> days pass
    And <a moment>
    And the integrator refunds "100"
    Then QFPay answers with respcd "<respcd>"

    Examples:
      | wallet | days | pay_type | a moment                     | respcd |
      | WeChat | 365  | 800207   | the integrator refunds "100" | 0000   |
      | WeChat | 365  | 800207   | 1 second passes              | 1265   |
      | PayMe  | 90   | 805801   | the integrator refunds "100" | 0000   |
      | PayMe  | 90   | 805801   | 1 second passes              | 1265   |
      | FPS    | 29   | 802001   | the integrator refunds "100" | 0000   |
      | FPS    | 29   | 802001   | 1 second passes              | 1265   |

  @refund
  Scenario: Under way, then done
    Given the App's refund delay is "90s"
    When the payer pays
    And the integrator refunds "100" as "R1"
    Then QFPay answers with respcd "1143"
    And the order is "paid"
    When 90 seconds pass
    Then the order is "partly refunded"

  @refund
  Scenario: One at a time
    Given the App's refund delay is "90s"
    When the payer pays
    And the integrator refunds "100" as "R1"
    And the integrator refunds "100" as "R2"
    Then QFPay answers with respcd "1102"
    And the journal holds the finding "refund-under-way"

  @refund
  Scenario: Denied in the end
    When the payer pays
    And the integrator's next call asks for "fail-later"
    And the integrator refunds "300" as "R1"
    And 5 seconds pass
    And the integrator enquires with out_trade_no "R1"
    Then QFPay lists:
      | out_trade_no | respcd |
      | R1           | 1155   |
    And the order is "paid"

  @refund
  Scenario: Many callers, one refund
    When the payer pays
    And 10 callers refund "300" at once
    Then QFPay answers 1 of them with respcd "0000"
    And QFPay answers 9 of them with respcd "1264"
    And the order is "refunded"

  @refund
  Scenario: The day's balance
    Given the App's daily balance is "on"
    When the payer pays
    And 1 day passes
    And the integrator refunds "300"
    Then QFPay answers with respcd "1269"
    And the journal holds the finding "refund-balance"

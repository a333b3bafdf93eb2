Feature: Codes that payers show
  The merchant scans; the answer comes at once, or while the payer enters the password.

  Background:
    Given an integrator with an App

  @scan
  Scenario Outline: <pay_type>: the payer pays at once
    When a payer orders with pay_type "<pay_type>"
    Then QFPay's answer gives the wallet's number
    And the order is "paid"

    Examples:
      | pay_type |
      | 800208   |
      | 801008   |
      | 800108   |
      | 800008   |

  @scan
  Scenario Outline: A payer told to "<behaviour>" is at the password for five seconds
    When the integrator's next call asks for "<behaviour>"
    And a payer orders with pay_type "800208"
    Then QFPay answers with respcd "<respcd>"
    When 4 seconds pass
    Then the order is "created"
    When 1 second passes
    Then the order is "<state>"

    Examples:
      | behaviour | respcd | state  |
      | slow      | 1143   | paid   |
      | pending   | 1145   | paid   |
      | cancel    | 1143   | failed |

  @scan
  Scenario Outline: What an enquiry says <seconds> seconds after a payer was told to "<behaviour>"
    When the integrator's next call asks for "<behaviour>"
    And a payer orders with pay_type "800208"
    And <seconds> seconds pass
    And the integrator enquires
    Then QFPay lists:
      | pay_type | respcd   | cancel |
      | 800208   | <respcd> | 0      |

    Examples:
      | behaviour | seconds | respcd |
      | slow      | 4       | 1143   |
      | slow      | 5       | 0000   |
      | cancel    | 4       | 1143   |
      | cancel    | 5       | 2007   |

  @scan
  Scenario Outline: A payer told to "<behaviour>" fails at once
    When the integrator's next call asks for "<behaviour>"
    And a payer orders with pay_type "800208"
    Then QFPay answers with respcd "<respcd>"
    And the order is "failed"
    When the integrator enquires with respcd "<respcd>"
    Then QFPay lists:
      | respcd   | cancel |
      | <respcd> | 0      |

    Examples:
      | behaviour            | respcd |
      | insufficient-balance | 1201   |
      | wrong-account        | 1203   |

  @scan
  Scenario Outline: By the mapping "<mapping>" the integrator <ends> an order at the password
    Given the App's cancelling is "<mapping>"
    When the integrator's next call asks for "pending"
    And a payer orders with pay_type "800208"
    And the integrator <ends>
    Then QFPay answers with respcd "<respcd>"

    Examples:
      | mapping          | ends     | respcd |
      | either           | closes   | 0000   |
      | either           | reverses | 0000   |
      | developer-center | reverses | 0000   |
      | developer-center | closes   | 1297   |
      | newest           | closes   | 0000   |
      | newest           | reverses | 1297   |

  @scan
  Scenario: What was reversed is not paid later
    When the integrator's next call asks for "slow"
    And a payer orders with pay_type "800208"
    And the integrator reverses
    And 5 seconds pass
    And the integrator enquires
    Then QFPay lists:
      | respcd | cancel |
      | 1142   | 1      |

  @scan
  Scenario: What was refunded whole counts as reversed
    When a payer orders with pay_type "800208" and txamt "300"
    And the integrator refunds "300" as "R1"
    And the integrator enquires
    Then QFPay lists:
      | respcd | cancel |
      | 0000   | 1      |

  @scan
  Scenario: A code is for one payment
    When a payer orders with pay_type "800208" and auth_code "134567890123456789" and out_trade_no "T1"
    And a payer orders with pay_type "800208" and auth_code "134567890123456789" and out_trade_no "T2"
    Then QFPay answers with respcd "1202"
    And the journal holds the finding "auth-code-used"

  @scan
  Scenario Outline: A code of another wallet, or of none
    When a payer orders with pay_type "<pay_type>" and auth_code "<code>"
    Then QFPay answers with respcd "<respcd>"

    Examples:
      | pay_type | code               | respcd |
      | 800208   | 284567890123456789 | 1144   |
      | 800108   | 134567890123456789 | 1144   |
      | 800208   | 1345               | 1202   |
      | 800008   | 994567890123456789 | 1202   |

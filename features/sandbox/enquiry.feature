Feature: Enquiry
  The call's own respcd says that the enquiry worked; each record has one of its own.

  Background:
    Given an integrator with an App

  @enquiry
  Scenario: A number nobody used
    When the integrator enquires
    Then QFPay answers with respcd "0000"
    And QFPay lists nothing

  @enquiry
  Scenario: An unpaid order, enquired in the address
    When a payer orders with txamt "300" and out_trade_no "T1"
    And the integrator enquires in its address
    Then QFPay lists:
      | out_trade_no | txamt | txcurrcd | respcd | cancel | order_type | sysdtm              | paydtm | udid     |
      | T1           | 300   | HKD      | 1143   | 0      | payment    | 2026-03-14 10:00:00 |        | qiantai2 |

  @enquiry
  Scenario: Several numbers, newest first
    When a payer orders with out_trade_no "T1"
    And 1 minute passes
    And a payer orders with out_trade_no "T2"
    And the integrator enquires with out_trade_no "T1, NOBODY,T2"
    Then QFPay lists:
      | out_trade_no | syssn |
      | T2           | of T2 |
      | T1           | of T1 |

  @enquiry
  Scenario: A syssn of one and an out_trade_no of another
    When a payer orders with out_trade_no "T1"
    And a payer orders with out_trade_no "T2"
    And the integrator enquires with syssn "of T1" and out_trade_no "T2"
    Then QFPay lists nothing

  @enquiry
  Scenario Outline: Records with respcd <respcd>
    When a payer orders with out_trade_no "UNPAID"
    And 1 minute passes
    And a payer orders with out_trade_no "PAID"
    And the payer pays
    And the integrator enquires with respcd "<respcd>"
    Then QFPay lists:
      | out_trade_no | respcd   |
      | <order>      | <respcd> |

    Examples:
      | respcd | order  |
      | 0000   | PAID   |
      | 1143   | UNPAID |

  @enquiry
  Scenario: Records of another respcd
    When a payer orders
    And the integrator enquires with respcd "1142"
    Then QFPay lists nothing

  @enquiry
  Scenario: Pages
    When a payer orders with out_trade_no "T1"
    And a payer orders with out_trade_no "T2"
    And a payer orders with out_trade_no "T3"
    And the integrator enquires with page "2" and page_size "2"
    Then QFPay lists:
      | out_trade_no |
      | T1           |

  @enquiry
  Scenario Outline: A page of <size> records
    When the integrator enquires with page_size "<size>"
    Then QFPay answers with respcd "<respcd>"

    Examples:
      | size | respcd |
      | 100  | 0000   |
      | 101  | 1104   |
      | 0    | 1104   |

  @enquiry
  Scenario: The month that has just begun
    Given the App's clock reads "2026-03-31 23:59:59"
    When a payer orders with out_trade_no "MARCH"
    And 1 second passes
    And a payer orders with out_trade_no "APRIL"
    And the integrator enquires without a condition
    Then QFPay lists:
      | out_trade_no | sysdtm              |
      | APRIL        | 2026-04-01 00:00:00 |

  @enquiry
  Scenario: A number of last month needs no time
    When a payer orders with out_trade_no "MARCH"
    And 31 days pass
    And the integrator enquires
    Then QFPay lists:
      | out_trade_no |
      | MARCH        |

  @enquiry
  Scenario Outline: From <start> to <end>
    When a payer orders with out_trade_no "T1"
    And the integrator enquires with start_time "<start>" and end_time "<end>"
    Then QFPay answers with respcd "<respcd>"

    Examples:
      | start               | end                 | respcd |
      | 2026-03-01 00:00:00 | 2026-03-31 23:59:59 | 0000   |
      | 2026-02-28 23:59:59 | 2026-03-01 00:00:00 | 1104   |
      | 2026-03-14 10:00:01 | 2026-03-14 10:00:00 | 1104   |
      | 2026-03-14          | 2026-03-15          | 1104   |

  @enquiry
  Scenario Outline: Both ends of an interval count
    When a payer orders with out_trade_no "T1"
    And the integrator enquires with start_time "<start>" and end_time "<end>"
    Then QFPay lists <found>

    Examples:
      | start               | end                 | found                    |
      | 2026-03-14 10:00:00 | 2026-03-14 10:00:00 | 1 order, the first "T1" |
      | 2026-03-14 10:00:01 | 2026-03-14 12:00:00 | nothing                  |
      | 2026-03-14 09:00:00 | 2026-03-14 09:59:59 | nothing                  |

  @enquiry
  Scenario Outline: With <name> "<time>" alone
    When a payer orders with out_trade_no "T1"
    And the integrator enquires with <name> "<time>"
    Then QFPay lists <found>

    Examples:
      | name       | time                | found                    |
      | start_time | 2026-03-14 10:00:00 | 1 order, the first "T1" |
      | start_time | 2026-03-14 10:00:01 | nothing                  |
      | end_time   | 2026-03-14 10:00:00 | 1 order, the first "T1" |
      | end_time   | 2026-03-14 09:59:59 | nothing                  |

  @enquiry
  Scenario: A refund is a record of its own
    When a payer orders with txamt "300" and out_trade_no "T1"
    And the payer pays
    And the integrator refunds "100" as "R1"
    And the integrator enquires with out_trade_no "R1,T1"
    Then QFPay lists:
      | out_trade_no | order_type | txamt | respcd | cancel | origssn |
      | R1           | refund     | 100   | 0000   | 0      | of T1   |
      | T1           | payment    | 300   | 0000   | 5      |         |

  @enquiry
  Scenario Outline: An enquiry with a filter that cannot be meant is served, and found out: <name>
    When the integrator enquires with <name> "<value>"
    Then QFPay answers with respcd "0000"
    And the journal holds the finding "filter-unknown"

    Examples:
      | name       | value  |
      | respcd     | 9999   |
      | pay_type   | 800999 |
      | outtradeno | T1     |

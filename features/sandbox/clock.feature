Feature: Clock
  Each App has its own; whatever falls due on the way happens in order before the call is over.

  Background:
    Given an integrator with an App
    And the integrator answers notifications with "SUCCESS"

  @clock
  Scenario: QFPay's time is in UTC+8
    Given the App's clock reads "2026-03-31 23:59:59"
    When a payer orders with out_trade_no "T1"
    And 1 second passes
    Then QFPay's time is "2026-04-01 00:00:00"
    When the integrator enquires
    Then QFPay lists:
      | out_trade_no | sysdtm              |
      | T1           | 2026-03-31 23:59:59 |

  @clock
  Scenario: A clock that stands
    When the App's clock stands
    And a payer orders with out_trade_no "T1"
    And a payer orders with out_trade_no "T2"
    And the integrator enquires with out_trade_no "T1,T2"
    Then QFPay lists:
      | out_trade_no | sysdtm              |
      | T2           | 2026-03-14 10:00:00 |
      | T1           | 2026-03-14 10:00:00 |

  @clock
  Scenario: To what is due next
    Given the App's refund delay is "1h"
    When a payer orders with txamt "300"
    And the payer pays
    And the integrator refunds "300"
    And the App's clock moves to what is due next
    Then the order is "refunded"
    And QFPay's time is "2026-03-14 11:00:00"

  @clock
  Scenario: No further than to what is due next
    Given the App's notification delay is "10m"
    And the integrator answers notifications with "FAIL"
    When a payer orders
    And the payer pays
    And the App's clock moves to what is due next
    Then QFPay's time is "2026-03-14 10:10:00"
    And what is due next is at "2026-03-14 10:12:00"

  @clock
  Scenario: Until nothing is due
    Given the integrator answers notifications with "FAIL"
    When a payer orders
    And the payer pays
    And the App's clock runs until nothing is due
    Then QFPay's time is "2026-03-15 10:22:00"
    And what is due next is at "never"

  @clock
  Scenario: In order
    Given the App's refund delay is "10m"
    And the App's notification delay is "15m"
    When a payer orders with txamt "300"
    And the payer pays
    And the integrator refunds "300"
    And 20 minutes pass
    Then QFPay tried at "10:10:00, 10:15:00"

  @clock
  Scenario: Two Apps, two clocks
    When 1 day passes
    Then QFPay's time is "2026-03-15 10:00:00"
    Given an integrator with an App
    Then QFPay's time is "2026-03-14 10:00:00"

Feature: Snapshot and reset
  An App can be put back to what it was, or to nothing.

  Background:
    Given an integrator with an App

  @snapshot
  Scenario: Put back
    When a payer orders with out_trade_no "T1" and txamt "300"
    And somebody keeps a snapshot of the App
    And the payer pays
    And 2 days pass
    And somebody puts back the App
    Then the order is "created"
    And QFPay's time is "2026-03-14 10:00:00"

  @snapshot
  Scenario: What was put back goes on
    When a payer orders with out_trade_no "T1" and txamt "300"
    And somebody keeps a snapshot of the App
    And somebody resets the App
    And somebody puts back the App
    And the payer pays
    Then the order is "paid"

  @snapshot
  Scenario: Reset
    When a payer orders with out_trade_no "T1"
    And somebody resets the App
    And the integrator enquires
    Then QFPay lists nothing
    When the integrator creates the same payment again
    Then QFPay answers with respcd "0000"

  @snapshot
  Scenario: Reset takes faults along
    Given the App has the fault:
      | route | effect |
      | query | 1296   |
    When somebody resets the App
    And the integrator enquires
    Then QFPay answers with respcd "0000"

  @snapshot
  Scenario: A reset leaves other Apps alone
    When a payer orders with out_trade_no "T1"
    And somebody resets another App
    And the integrator enquires
    Then QFPay lists:
      | out_trade_no |
      | T1           |

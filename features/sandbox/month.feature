Feature: A month with QFPay
  What integrators meet one after the other.

  Background:
    Given an integrator with an App
    And the integrator answers notifications with "FAIL"

  @month
  Scenario: Told late, refunded in part, and no more than was paid
    When a payer orders with txamt "300"
    And the payer pays
    And 12 minutes pass
    Then QFPay tried at "10:00:00, 10:02:00, 10:12:00"
    When the integrator refunds "100"
    And the integrator refunds "201"
    Then QFPay answers with respcd "1272"

  @month
  Scenario: Paid in March, refunded in April
    Given the App's clock reads "2026-03-31 22:00:00"
    When a payer orders with txamt "300" and out_trade_no "T1"
    And the payer pays
    And 1 day passes
    And the integrator refunds "300" as "R1"
    And the integrator enquires without a condition
    Then QFPay lists:
      | out_trade_no | order_type | origssn |
      | R1           | refund     | of T1   |

  @month
  Scenario: Told again of what was refunded meanwhile
    When a payer orders with txamt "300"
    And the payer pays
    And the integrator refunds "300"
    And 2 minutes pass
    Then the integrator hears 4 notifications
    And QFPay tried at "10:00:00, 10:00:00, 10:02:00, 10:02:00"

  @month
  Scenario: The answer is lost, so the order is closed
    Given the App has the fault:
      | route   | effect    |
      | payment | cut=after |
    When a payer orders
    Then QFPay answers nothing
    And the order is "created"
    When the integrator closes
    Then QFPay answers with respcd "0000"
    And the order is "closed"

Feature: Fidelity
  Of each answer the journal says whether QFPay's is documented, was observed, or is assumed.

  Background:
    Given an integrator with an App

  @fidelity
  Scenario: A payment
    When a payer orders
    Then the journal calls the answer "observed"

  @fidelity
  Scenario: A number used twice
    When a payer orders
    And the integrator creates the same payment again
    Then the journal calls the answer "observed"
    And the list of refusals calls "out-trade-no-used" of payment "observed"

  @fidelity
  Scenario: A wrong signature
    When the integrator enquires signed with another key
    Then the journal calls the answer "documented"
    And the list of refusals calls "signature-wrong" of query "documented"

  @fidelity
  Scenario: A code that was made up
    When the integrator exchanges a made-up code
    Then the journal calls the answer "assumed"
    And the list of refusals calls "code-unknown" of get_weixin_openid "assumed"

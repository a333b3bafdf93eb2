Feature: Rate limit
  A hundred calls a second and four hundred a minute, where the App wants to meet the limits.

  Background:
    Given an integrator with an App
    And the App's rate limit is "on"

  @rate
  Scenario: The second is full
    When the integrator enquires 101 times
    Then QFPay answers with HTTP 429
    And the journal holds the finding "rate-limit"
    When 1 second passes
    And the integrator enquires
    Then QFPay answers with HTTP 200

  @rate
  Scenario: The second is not yet full
    When the integrator enquires 100 times
    Then QFPay answers with HTTP 200

  @rate
  Scenario: The minute is full
    When the integrator enquires 400 times, 100 a second
    And 1 second passes
    And the integrator enquires
    Then QFPay answers with HTTP 429
    When 1 minute passes
    And the integrator enquires
    Then QFPay answers with HTTP 200

  @rate
  Scenario: Off unless it is asked for
    Given the App's rate limit is "off"
    When the integrator enquires 101 times
    Then QFPay answers with HTTP 200

Feature: Bounds
  What is too large gets an answer of its own; who hangs holds up nobody else.

  Background:
    Given an integrator with an App

  @bounds
  Scenario: Too many parameters
    When the integrator enquires with 2 MiB of parameters
    Then QFPay answers with respcd "1103"
    And the journal holds the finding "body-too-large"

  @bounds
  Scenario: A merchant that hangs holds up no other App
    Given a merchant that hangs on notifications was paid
    And the integrator answers notifications with "SUCCESS"
    When a payer orders
    And the payer pays
    Then the integrator hears 1 notification

Feature: The consent page
  An account that asks for nickname and picture asks the payer first.

  Background:
    Given an integrator with an App
    And the integrator has an official account
    And the integrator has a page

  @page
  Scenario: The payer allows it
    Given a payer with WeChat on an iPhone
    When the payer opens the integrator's login
    And the payer taps allow
    Then the payer is at the integrator's with a code

  @page
  Scenario: The payer refuses
    Given a payer with WeChat on Android
    When the payer opens the integrator's login
    And the payer taps refuse
    Then the payer is at the integrator's without a code

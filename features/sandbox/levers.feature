Feature: Levers
  A header goes before a fault, a fault before the payer's behaviour, that before the amount; each answer says which it was.

  Background:
    Given an integrator with an App

  @lever
  Scenario: The rules alone
    When a payer orders
    Then QFPay's answer was decided by "default"

  @lever
  Scenario: A header goes before a fault
    Given the App has the fault:
      | route | effect |
      | query | 1296   |
    When the integrator's next call asks for "1252"
    And the integrator enquires
    Then QFPay answers with respcd "1252"
    And QFPay's answer was decided by "header"
    And the fault has matched 0 and fired 0 times

  @lever
  Scenario: A fault
    Given the App has the fault:
      | route | effect |
      | query | 1296   |
    When the integrator enquires
    Then QFPay's answer was decided by "fault 1"

  @lever
  Scenario: A header nobody can read
    When the integrator's next call asks for "nothing of this"
    And the integrator enquires
    Then QFPay answers with respcd "1104"
    And the journal holds the finding "outcome-unreadable"

  @lever
  Scenario Outline: Of header "<header>", payer "<behaviour>" and amount <amount>, "<by>" decides
    Given the App's amount cases are "on"
    And the payer's behaviour is "<behaviour>"
    When the integrator's next call asks for "<header>"
    And a payer orders with txamt "<amount>"
    And the payer opens the wallet
    Then the page hears "<page>"
    And the wallet's answer was decided by "<by>"

    Examples:
      | header              | behaviour | amount | page   | by          |
      | pays-bridge-cancels | pay       | 131    | cancel | header      |
      | bridge-ok-unpaid    | cancel    | 101    | ok     | header      |
      |                     | pay       | 131    | ok     | the payer   |
      |                     | cancel    | 101    | cancel | the payer   |
      |                     | manual    | 131    | cancel | amount 1.31 |
      |                     | manual    | 101    | ok     | amount 1.01 |

  @lever
  Scenario Outline: An amount of <amount> in cents
    Given the App's amount cases are "on"
    And the integrator answers notifications with "SUCCESS"
    When a payer orders with txamt "<amount>"
    And the payer opens the wallet
    Then the order is "<state>"
    And the integrator hears <count> notifications

    Examples:
      | amount | state    | count |
      | 101    | paid     | 1     |
      | 130    | paid     | 0     |
      | 131    | created  | 0     |
      | 132    | paid     | 2     |
      | 133    | paid     | 1     |
      | 134    | paid     | 1     |

  @lever
  Scenario Outline: The notification of <amount> cents is <is>
    Given the App's amount cases are "on"
    And the integrator answers notifications with "SUCCESS"
    When a payer orders with txamt "<amount>"
    And the payer opens the wallet
    Then the integrator hears 1 notification
    And the notification is "<is>"

    Examples:
      | amount | is                     |
      | 101    | signed                 |
      | 133    | wrongly signed         |
      | 134    | signed, another amount |

  @lever
  Scenario: Amounts decide nothing unless it is asked for
    When a payer orders with txamt "131"
    And the payer pays
    Then the order is "paid"

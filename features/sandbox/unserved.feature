Feature: What QFPay has and this sandbox has not
  The answer is in QFPay's dialect; the journal says which of the two it is.

  Background:
    Given an integrator with an App

  @unserved
  Scenario Outline: The call "<name>" is QFPay's, and not here
    When the integrator calls QFPay's "<name>"
    Then QFPay answers with HTTP 404
    And QFPay's answer is signed with the App's key
    And the journal holds the finding "endpoint-not-served"

    Examples:
      | name        |
      | authtrade   |
      | unfreeze    |
      | trade_bill  |
      | declare     |
      | create      |
      | mcc         |

  @unserved
  Scenario: A call QFPay has not
    When the integrator calls QFPay's "payments"
    Then QFPay answers with HTTP 404
    And the journal holds the finding "path-unknown"

  @unserved
  Scenario: A pay type QFPay has, and not here
    When a payer orders with pay_type "802801"
    Then QFPay answers with respcd "1104"
    And the journal holds the finding "pay-type-not-served"

  @unserved
  Scenario: A pay type nobody has
    When a payer orders with pay_type "999999"
    Then QFPay answers {"resperr": "\u53c2\u6570\u9519\u8bef(1104)", "respcd": "1104", "respmsg": "pay_type error"}

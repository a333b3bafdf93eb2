Feature: Notes
  A note stays with a transaction. An enquiry does not show it; the controls do.

  @note
  Scenario: A note on a payment
    Given an integrator with an App
    When a payer orders
    And the integrator notes "gift wrapped, 禮品"
    Then QFPay answers with respcd "0000"
    And the order's note is "gift wrapped, 禮品"

  @note
  Scenario Outline: A note <what>
    Given an integrator with an App
    When a payer orders
    And the integrator notes "gift" with <name> "<value>"
    Then QFPay answers with respcd "<respcd>"

    Examples:
      | what                         | name  | value                      | respcd |
      | on a transaction of nobody   | syssn | 20260314000000000000000000 | 1136   |
      | without its app code         | code  |                            | 1104   |
      | with another App's app code  | code  | ANOTHER                    | 1104   |

  @note
  Scenario: An App with shops takes no notes
    Given an integrator with an App of shop "ZaMVg12345"
    When a payer orders
    And the integrator notes "gift" with mchid "ZaMVg12345"
    Then QFPay answers with respcd "1104"

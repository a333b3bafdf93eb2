Feature: Signature
  The fake says no more than QFPay says; the journal beside it says everything.

  @signature
  Scenario Outline: An enquiry <how> gets 1108
    Given an integrator with an App
    When the integrator enquires <how>
    Then QFPay answers {"resperr": "<resperr>", "respcd": "1108", "respmsg": "<respmsg>"}

    Examples:
      | how                          | resperr                              | respmsg         |
      | signed with another key      | \\u7b7e\\u540d\\u9519\\u8bef(1108)   | signature error |
      | signed over other parameters | \\u7b7e\\u540d\\u9519\\u8bef(1108)   | signature error |
      | without a signature          | \\u7b7e\\u540d\\u9519\\u8bef(1108)   | signature error |
      | without an app code          | APPCODE\\u975e\\u6cd5                |                 |
      | with an app code of nobody   | APPCODE\\u975e\\u6cd5                |                 |

  @signature
  Scenario: A refusal is signed and explained
    Given an integrator with an App
    When the integrator enquires signed with another key
    Then QFPay's answer is signed with the App's key
    And the journal holds the finding "signature-wrong"

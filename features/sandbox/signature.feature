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

  @signature
  Scenario Outline: A payment signed <how> is named
    Given an integrator with an App
    When the integrator sends a payment signed <how>
    Then QFPay answers {"resperr": "\u7b7e\u540d\u9519\u8bef(1108)", "respcd": "1108", "respmsg": "signature error"}
    And the journal holds the finding "<finding>"

    Examples:
      | how                              | finding                    |
      | in the order it is sent          | sign-not-sorted            |
      | with &key= before the key        | sign-key-separator         |
      | with the key in front            | sign-key-first             |
      | without the key                  | sign-key-missing           |
      | with another App's key           | sign-key-of-another-app    |
      | with a line break behind the key | sign-key-white-space       |
      | with SHA256 and no word of it    | sign-sha256-without-header |
      | twice                            | sign-hashed-twice          |
      | over percent-encoded values      | sign-encoded               |
      | over all but its goods_name      | sign-parameter-missing     |
      | with HMAC                        | sign-hmac                  |
      | in base64                        | sign-base64                |
      | with a key of nobody             | sign-unrecognised          |

  @signature
  Scenario: The key before is known, and signs nothing
    Given an integrator with an App
    When the integrator gets a new key
    And the integrator sends a payment signed with the key before
    Then QFPay answers with respcd "1108"
    And the journal holds the finding "sign-key-previous"
    When the integrator sends a payment signed as it should be
    Then QFPay answers with respcd "0000"

Feature: Shops
  An App with shops names one in every call.

  @mchid
  Scenario Outline: An enquiry <how> gets 1108
    Given an integrator with an App of shop "ZaMVg12345"
    When the integrator enquires <how>
    Then QFPay answers {"resperr": "MCHCODE\u975e\u6cd5", "respcd": "1108", "respmsg": ""}
    And the journal holds the finding "mchid-rule"

    Examples:
      | how                  |
      | without its mchid    |
      | with a foreign mchid |

  @mchid
  Scenario: An App without shops names none
    Given an integrator with an App
    When the integrator enquires with a foreign mchid
    Then QFPay answers {"resperr": "MCHCODE\u975e\u6cd5", "respcd": "1108", "respmsg": ""}

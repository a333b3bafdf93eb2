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

  @mchid
  Scenario: An agent's shops see their own orders
    Given an integrator with an App of shop "SHOP1, SHOP2"
    When a payer orders with mchid "SHOP1" and out_trade_no "T1"
    And a payer orders with mchid "SHOP2" and out_trade_no "T2"
    And the integrator enquires with mchid "SHOP1"
    Then QFPay lists:
      | out_trade_no |
      | T1           |

  @mchid
  Scenario: Two shops may use one number
    Given an integrator with an App of shop "SHOP1, SHOP2"
    When a payer orders with mchid "SHOP1" and out_trade_no "T1"
    And a payer orders with mchid "SHOP2" and out_trade_no "T1"
    Then QFPay answers with respcd "0000"

  @mchid
  Scenario: One shop refunds nothing of another's
    Given an integrator with an App of shop "SHOP1, SHOP2"
    When a payer orders with mchid "SHOP2" and txamt "300"
    And the payer pays
    And the integrator refunds "300"
    Then QFPay answers with respcd "1136"

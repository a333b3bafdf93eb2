Feature: Login codes
  A code is good for one exchange within five minutes.

  Background:
    Given an integrator with an App

  @code
  Scenario: A code is exchanged once
    When a payer logs in
    And the integrator exchanges the code
    Then QFPay answers with respcd "0000"
    When the integrator exchanges the code
    Then QFPay answers {"resperr": "\u83b7\u53d6openid\u5931\u8d25(1104)", "respcd": "1104", "respmsg": "code been used, 40163"}
    And the journal holds the finding "code-used"

  @code
  Scenario: A code expires
    When a payer logs in
    And 5 minutes pass
    And the integrator exchanges the code
    Then QFPay answers {"resperr": "\u83b7\u53d6openid\u5931\u8d25(1104)", "respcd": "1104", "respmsg": "code expired, 42003"}

  @code
  Scenario: A code lives almost five minutes
    When a payer logs in
    And 4 minutes pass
    And the integrator exchanges the code
    Then QFPay answers with respcd "0000"

  @code
  Scenario: A made-up code
    When the integrator exchanges a made-up code
    Then QFPay answers {"resperr": "\u83b7\u53d6openid\u5931\u8d25(1104)", "respcd": "1104", "respmsg": "invalid code, 40029"}

  @code
  Scenario: Another browser gets no code
    When a payer logs in with a browser that is not WeChat
    Then WeChat shows "请在微信客户端打开链接"
    And the journal holds the finding "not-wechat"

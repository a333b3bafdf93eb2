Feature: WeChat's server API for a merchant's own account
  Errors come as HTTP 200 with an errcode; tokens live two hours, codes five minutes.

  Background:
    Given an integrator with an App
    And the integrator has an official account

  @weixin-api
  Scenario: A code becomes a token and an openid
    When the integrator sends a payer to WeChat's login
    And the integrator exchanges the code at WeChat
    Then WeChat gives "access_token, expires_in, refresh_token, openid, scope"
    When the integrator asks WeChat whether the token is good
    Then WeChat answers with errcode 0

  @weixin-api
  Scenario: A code is exchanged once
    When the integrator sends a payer to WeChat's login
    And the integrator exchanges the code at WeChat
    And the integrator exchanges the code at WeChat
    Then WeChat answers with errcode 40163

  @weixin-api
  Scenario: A code expires
    When the integrator sends a payer to WeChat's login
    And 5 minutes pass
    And the integrator exchanges the code at WeChat
    Then WeChat answers with errcode 42003

  @weixin-api
  Scenario Outline: An exchange with <mistake>
    When the integrator sends a payer to WeChat's login
    And the integrator exchanges the code at WeChat with <mistake>
    Then WeChat answers with errcode <errcode>

    Examples:
      | mistake                                     | errcode |
      | code "made-up"                              | 40029   |
      | code ""                                     | 41008   |
      | appid "wx00000000000000ff"                  | 40013   |
      | appid ""                                    | 41002   |
      | secret "00000000000000000000000000000000"   | 40125   |
      | secret ""                                   | 41004   |
      | grant_type "password"                       | 40002   |

  @weixin-api
  Scenario: Name and picture need the payer's consent
    Given the payer's consent is "allow"
    When the integrator sends a payer to WeChat's login with scope "snsapi_userinfo"
    And the integrator exchanges the code at WeChat
    And the integrator asks WeChat who the payer is
    Then the payer is called as at WeChat

  @weixin-api
  Scenario: Without it there is the openid alone
    When the integrator sends a payer to WeChat's login
    And the integrator exchanges the code at WeChat
    And the integrator asks WeChat who the payer is
    Then WeChat answers with errcode 48001

  @weixin-api
  Scenario: A token ends after two hours
    When the integrator sends a payer to WeChat's login
    And the integrator exchanges the code at WeChat
    And 2 hours pass
    And the integrator asks WeChat whether the token is good
    Then WeChat answers with errcode 42001

  @weixin-api
  Scenario: A refreshed token is good
    When the integrator sends a payer to WeChat's login
    And the integrator exchanges the code at WeChat
    And the integrator refreshes the token
    And the integrator asks WeChat whether the token is good
    Then WeChat answers with errcode 0

  @weixin-api
  Scenario Outline: A call with <mistake>
    When the integrator sends a payer to WeChat's login
    And the integrator exchanges the code at WeChat
    And the integrator asks WeChat whether the token is good with <mistake>
    Then WeChat answers with errcode <errcode>

    Examples:
      | mistake                               | errcode |
      | access_token "made-up"                | 40001   |
      | access_token ""                       | 41001   |
      | openid "oMADEUPMADEUPMADEUPMADEUPMA1" | 40003   |
      | openid ""                             | 41009   |

  @weixin-api
  Scenario: A refresh token ends after thirty days
    When the integrator sends a payer to WeChat's login
    And the integrator exchanges the code at WeChat
    And 30 days pass
    And the integrator refreshes the token
    Then WeChat answers with errcode 42002

  @weixin-api
  Scenario: The account's own token, the newest of which counts
    When the integrator gets an account token
    And the integrator gets an account token
    Then the account token is another than before

  @weixin-api
  Scenario Outline: The token before, <minutes> minutes after a new one
    When the integrator gets an account token
    And the integrator gets an account token
    And <minutes> minutes pass
    And the integrator gets a ticket with access_token "the one before"
    Then WeChat answers with errcode <errcode>

    Examples:
      | minutes | errcode |
      | 4       | 0       |
      | 6       | 40001   |

  @weixin-api
  Scenario: A ticket is the same for two hours
    When the integrator gets an account token
    And the integrator gets a ticket
    And the integrator gets a ticket
    Then the ticket is the same as before

  @weixin-api
  Scenario Outline: An account token with <mistake>
    When the integrator gets an account token with <mistake>
    Then WeChat answers with errcode <errcode>

    Examples:
      | mistake                                   | errcode |
      | appid "wx00000000000000ff"                | 40013   |
      | secret "00000000000000000000000000000000" | 40125   |
      | grant_type "authorization_code"           | 40002   |

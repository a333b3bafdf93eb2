Feature: WeChat's login for a merchant's own account
  Method 1: the merchant sends the payer to WeChat itself, and gets the code back.

  Background:
    Given an integrator with an App
    And the integrator has an official account

  @weixin-login
  Scenario: Who only wants the openid asks nobody
    When the integrator sends a payer to WeChat's login
    Then the payer comes back to "code=CODE&state=S1"

  @weixin-login
  Scenario: The payer allows name and picture
    When the integrator sends a payer to WeChat's login with scope "snsapi_userinfo"
    Then WeChat shows "申请"
    When the payer allows at the consent page
    Then the payer comes back to "code=CODE&state=S1"

  @weixin-login
  Scenario: The payer refuses
    When the integrator sends a payer to WeChat's login with scope "snsapi_userinfo"
    And the payer refuses at the consent page
    Then the payer comes back without a code

  @weixin-login
  Scenario Outline: A payer who was told to <consent>
    Given the payer's consent is "<consent>"
    When the integrator sends a payer to WeChat's login with scope "snsapi_userinfo"
    Then the payer comes back with<out> a code

    Examples:
      | consent | out |
      | allow   |     |
      | refuse  | out |

  @weixin-login
  Scenario Outline: redirect_uri is <address>
    When the integrator sends a payer to WeChat's login with redirect_uri "<address>"
    Then the payer comes back to "<back>"

    Examples:
      | address                    | back                           |
      | an address with a query    | order=T1&code=CODE&state=S1    |
      | an address with a fragment | code=CODE&state=S1#/pay        |

  @weixin-login
  Scenario Outline: redirect_uri is <address>, which is not registered
    When the integrator sends a payer to WeChat's login with redirect_uri "<address>"
    Then WeChat shows "redirect_uri域名与后台配置不一致，错误码:10003"
    And the journal holds the finding "authorize-domain"

    Examples:
      | address                    |
      | an address of a subdomain  |
      | an address on another port |
      | an address of another host |
      | no address                 |

  @weixin-login
  Scenario Outline: The login with <mistake>
    When the integrator sends a payer to WeChat's login with <mistake>
    Then WeChat shows "<words>"
    And the journal holds the finding "<finding>"

    Examples:
      | mistake                         | words                                    | finding                 |
      | appid ""                        | appid不能为空，错误码:10012              | authorize-appid         |
      | appid "wx00000000000000ff"      | 该链接无法访问                           | authorize-appid         |
      | redirect_uri ""                 | redirect_uri不能为空，错误码:10011       | authorize-redirect-uri  |
      | scope ""                        | scope不能为空，错误码:10010              | authorize-scope         |
      | scope "snsapi_all"              | 此公众号并没有这些scope的权限，错误码:10005 | authorize-scope         |
      | response_type "token"           | 该链接无法访问                           | authorize-response-type |
      | its parameters in another order | 该链接无法访问                           | authorize-order         |

  @weixin-login
  Scenario Outline: The account ends each login with <code>
    Given the integrator's account ends each login with <code>
    When the integrator sends a payer to WeChat's login
    Then WeChat shows "<words>，错误码:<code>"

    Examples:
      | code  | words                                         |
      | 10004 | 此公众号被封禁                                |
      | 10006 | 必须关注此测试号                              |
      | 10009 | 操作太频繁了，请稍后重试                      |
      | 10013 | state不能为空                                 |
      | 10015 | 公众号未授权第三方平台，请检查授权状态        |
      | 10016 | 不支持微信开放平台的Appid，请使用公众号Appid  |

  @weixin-login
  Scenario: Another browser is sent to WeChat
    Given the payer's browser is "chrome"
    When the integrator sends a payer to WeChat's login
    Then WeChat shows "请在微信客户端打开链接"

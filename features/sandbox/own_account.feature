Feature: Payments for a merchant's own account
  The openid is the account's, the page the merchant's; QFPay makes the signature.

  Background:
    Given an integrator with an App
    And the integrator has an official account

  @own-account
  Scenario: A payer orders and pays
    When a payer orders through WeChat's login
    Then QFPay's parameters are for the integrator's account
    When the payer opens the wallet from a page in the payment directory
    And the payer pays
    Then the page hears "ok"
    And the order is "paid"

  @own-account
  Scenario: An openid of QFPay's account is not this one's
    When a payer orders
    Then QFPay answers with respcd "0000"
    And the journal holds the finding "openid-of-other-account"
    When the payer opens the wallet from a page in the payment directory
    Then WeChat shows "下单账号与支付账号不一致"
    And the order is "created"

  @own-account
  Scenario Outline: The wallet from <page>
    When a payer orders through WeChat's login
    And the payer opens the wallet from <page>
    Then WeChat shows "<words>"

    Examples:
      | page                                        | words        |
      | a page in the payment directory             | 确认支付     |
      | a page there with a query and a fragment    | 确认支付     |
      | QFPay's cashier                             | 确认支付     |
      | a page below the payment directory          | URL未注册    |
      | a page above the payment directory          | URL未注册    |
      | a page named as the payment directory       | URL未注册    |
      | a page in a directory of other letter case  | URL未注册    |
      | a page on another port                      | URL未注册    |
      | a page over TLS                             | URL未注册    |
      | a page of a subdomain                       | URL未注册    |
      | a page in the payment directory of somebody | URL未注册    |

  @own-account
  Scenario: An account that is bound no more
    When a payer orders through WeChat's login
    And the integrator unbinds an official account
    And a payer orders with out_trade_no "T2"
    Then QFPay's parameters are for QFPay's account

  @own-account
  Scenario: A snapshot page's openid is no real one
    Given the payer's consent is "snapshot"
    When the integrator sends a payer to WeChat's login with scope "snsapi_userinfo"
    And the integrator exchanges the code at WeChat
    Then WeChat gives "access_token, expires_in, refresh_token, openid, scope, is_snapshotuser, unionid"

  @own-account
  Scenario: A snapshot page's openid pays nothing
    Given the payer's consent is "snapshot"
    When the integrator sends a payer to WeChat's login with scope "snsapi_userinfo"
    And the integrator exchanges the code at WeChat
    And the integrator creates a payment
    And the payer opens the wallet from a page in the payment directory
    Then WeChat shows "下单账号与支付账号不一致"

  @own-account
  Scenario: Another payer is another openid
    When the integrator sends a payer to WeChat's login
    And the integrator exchanges the code at WeChat
    And another payer comes to the page
    And the integrator sends a payer to WeChat's login
    And the integrator exchanges the code at WeChat
    Then the openid is another than before

Feature: The integrator's own page raises the wallet
  Method 1: the page calls WeChat's bridge itself. What it hears is less than what the payer reads.

  Background:
    Given an integrator with an App
    And the integrator has an official account
    And the integrator has a page

  @page
  Scenario: The payer pays
    Given a payer with WeChat on an iPhone
    When the payer orders at the page
    And the payer pays at the page
    Then the page shows "ok"
    And the order is "paid"

  @page
  Scenario: The payer cancels
    Given a payer with WeChat on Android
    When the payer orders at the page
    And the payer cancels at the page
    Then the page shows "cancel"
    And the order is "created"

  @page
  Scenario: Who cancelled pays when the page is opened again
    Given a payer with WeChat on Android
    When the payer orders at the page
    And the payer cancels at the page
    And the payer opens the page
    And the payer pays at the page
    Then the order is "paid"

  @page
  Scenario Outline: The page <mistake>
    Given a payer with WeChat on an iPhone
    And the page <mistake>
    When the payer orders at the page
    Then the payer reads "<words>" and puts it away
    And the page shows "cancel"
    And the order is "created"

    Examples:
      | mistake                          | words                            |
      | alters paySign                   | 支付验证签名失败                 |
      | names nobody's appId             | 支付验证签名失败                 |
      | leaves out signType              | 调用支付JSAPI缺少参数：signType  |
      | makes up a prepay_id             | 调用支付JSAPI缺少参数：total_fee |
      | hands over timeStamp as a number | 调用支付JSAPI缺少参数：timeStamp |

  @page
  Scenario: timeStamp as a number does on Android
    Given a payer with WeChat on Android
    And the page hands over timeStamp as a number
    When the payer orders at the page
    And the payer pays at the page
    Then the page shows "ok"
    And the journal holds the finding "wallet-parameter-type"

  @page
  Scenario: The page is in no payment directory
    Given the integrator binds an official account
    And a payer with WeChat on an iPhone
    When the payer orders at the page
    Then the payer reads "URL未注册" and puts it away
    And the page shows "cancel"
    And the journal holds the finding "wallet-directory"

  @page
  Scenario: One wallet at a time
    Given a payer with WeChat on an iPhone
    And the page calls the bridge twice
    When the payer orders at the page
    Then the page shows "fail"
    When the payer pays at the page
    Then the page shows "fail; ok"
    And the order is "paid"

  @page
  Scenario: An iframe has no bridge
    Given a payer with WeChat on an iPhone
    And the page calls the bridge from an iframe
    When the payer orders at the page
    Then the page shows "the frame has no bridge"
    And the order is "created"

  @page
  Scenario Outline: The bridge comes <timing>
    Given the payer's bridge is "<timing>"
    And a payer with WeChat on Android
    When the payer orders at the page
    And the payer pays at the page
    Then the page shows "ok"

    Examples:
      | timing   |
      | at-once  |
      | late     |
      | slow     |
      | on-touch |

  @page
  Scenario: The payer closes WeChat once the money has gone
    Given the payer's behaviour is "pays-never-returns"
    And a payer with WeChat on an iPhone
    When the payer orders at the page
    Then the page hears nothing
    And the order is "paid"

  @page
  Scenario: The card has too little
    Given the payer's behaviour is "insufficient-balance"
    And a payer with WeChat on an iPhone
    When the payer orders at the page
    Then the page shows "cancel"
    And the order is "created"
    And the journal holds the finding "wallet-balance"

  @page
  Scenario Outline: The order was <state> before the page asked
    Given a payer with WeChat on an iPhone
    When a payer orders through WeChat's login
    And <what>
    And the payer opens the page
    Then the payer reads "<words>" and puts it away
    And the page shows "<heard>"

    Examples:
      | state   | what                  | words        | heard  |
      | closed  | the integrator closes | 该订单已关闭 | cancel |
      | expired | 2 hours pass          | 该订单已过期 | fail 2 |
      | paid    | the payer pays        | 该订单已支付 | cancel |

  @page
  Scenario: Somebody else opens the page
    Given a payer with WeChat on an iPhone
    When a payer orders through WeChat's login
    And another payer comes to the page
    And the payer moves to WeChat on an iPhone
    And the payer opens the page
    Then the payer reads "下单账号与支付账号不一致" and puts it away
    And the order is "created"

  @page
  Scenario: The page pays through WeChat's SDK
    Given a payer with WeChat on an iPhone
    And the page pays through WeChat's SDK
    When the payer orders at the page
    And the payer pays at the page
    Then the page shows "chooseWXPay:ok"
    And the order is "paid"

  @page
  Scenario Outline: wx.config of a page <mistake>
    Given a payer with WeChat on Android
    And the page pays through WeChat's SDK, <mistake>
    When the payer orders at the page
    Then the page shows "config:invalid signature"
    And the journal holds the finding "js-config"
    And the order is "created"

    Examples:
      | mistake                             |
      | which signs another address         |
      | which signs with another ticket     |
      | which signs the address as over TLS |

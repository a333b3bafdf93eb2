Feature: The bridge
  What a page hands to WeChat's bridge is checked before the wallet opens, and the page hears less than the payer reads.

  Background:
    Given an integrator with an App

  @bridge
  Scenario Outline: A page that <mistake>
    Given the page <mistake>
    When a payer orders
    And the payer opens the wallet
    Then WeChat shows "<words>"
    And the page hears "cancel"
    And the order is "created"
    And the journal holds the finding "<finding>"

    Examples:
      | mistake                                | words                             | finding                  |
      | leaves out appId                       | 调用支付JSAPI缺少参数：appId      | wallet-parameter-missing |
      | leaves out timeStamp                   | 调用支付JSAPI缺少参数：timeStamp  | wallet-parameter-missing |
      | leaves out nonceStr                    | 调用支付JSAPI缺少参数：nonceStr   | wallet-parameter-missing |
      | leaves out package                     | 调用支付JSAPI缺少参数：total_fee  | wallet-parameter-missing |
      | leaves out signType                    | 调用支付JSAPI缺少参数：signType   | wallet-parameter-missing |
      | leaves out paySign                     | 调用支付JSAPI缺少参数：paySign    | wallet-parameter-missing |
      | spells timeStamp as the JavaScript SDK | 调用支付JSAPI缺少参数：timeStamp  | wallet-parameter-missing |
      | names nobody's appId                   | 支付验证签名失败                  | wallet-appid             |
      | alters paySign                         | 支付验证签名失败                  | wallet-pay-sign          |
      | alters nonceStr                        | 支付验证签名失败                  | wallet-pay-sign          |
      | alters signType                        | 支付验证签名失败                  | wallet-pay-sign          |
      | cuts prepay_id= off package            | 调用支付JSAPI缺少参数：total_fee  | wallet-package           |
      | makes up a prepay_id                   | 调用支付JSAPI缺少参数：total_fee  | wallet-prepay-id         |

  @bridge
  Scenario Outline: timeStamp as a number, on <browser>
    Given the page hands over timeStamp as a number
    And the payer's browser is "<browser>"
    When a payer orders
    And the payer opens the wallet
    Then WeChat shows "<words>"
    And the journal holds the finding "<finding>"

    Examples:
      | browser     | words                            | finding               |
      | ios         | 调用支付JSAPI缺少参数：timeStamp | wallet-parameter-type |
      | android     | 确认支付                         | wallet-parameter-type |
      | android-old | 确认支付                         | wallet-parameter-type |

  @bridge
  Scenario Outline: <browser> cannot pay
    Given the payer's browser is "<browser>"
    When a payer orders
    And the payer opens the wallet
    Then the page hears "<page>"
    And the order is "created"
    And the journal holds the finding "wallet-browser"

    Examples:
      | browser       | page                      |
      | windows       | system:function_not_exist |
      | mac           | system:function_not_exist |
      | devtools      | getBrandWCPayRequest:fail,没有此SDK或暂不支持此SDK模拟 |
      | miniprogram   | system:function_not_exist |
      | wecom-ios     | system:function_not_exist |
      | wecom-android | system:function_not_exist |

  @bridge
  Scenario: An order that has expired
    When a payer orders
    And 2 hours pass
    And the payer opens the wallet
    Then WeChat shows "该订单已过期"
    And the page hears "fail"
    And the page hears err_code "2"

  @bridge
  Scenario: An order that was closed
    When a payer orders
    And the integrator closes
    And the payer opens the wallet
    Then WeChat shows "该订单已关闭"
    And the page hears "cancel"

  @bridge
  Scenario: An order that was paid
    When a payer orders
    And the payer pays
    And the payer opens the wallet
    Then WeChat shows "该订单已支付"
    And the page hears "cancel"

  @bridge
  Scenario: Somebody else opens the page while the order waits
    When a payer orders
    And another payer comes to the page
    And the payer opens the wallet
    Then WeChat shows "下单账号与支付账号不一致"
    When the first payer comes to the page
    And the payer pays
    Then the order is "paid"

  @bridge
  Scenario: Who cancelled may pay after all
    When a payer orders
    And the payer cancels
    Then the page hears "cancel"
    When the payer pays
    Then the page hears "ok"
    And the order is "paid"

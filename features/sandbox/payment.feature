Feature: Payments
  What /trade/v1/payment refuses, and what it serves with a remark.

  Background:
    Given an integrator with an App

  @payment
  Scenario: A number is used once
    When a payer logs in
    And the integrator exchanges the code
    And the integrator creates a payment
    Then QFPay answers with respcd "0000"
    When the integrator creates the same payment again
    Then QFPay answers {"resperr": "Do not use duplicate out_trade_no for request(1251)", "respcd": "1251", "respmsg": "out_trade_no is used"}

  @payment
  Scenario: An openid is for one payment
    When a payer logs in
    And the integrator exchanges the code
    And the integrator creates a payment
    And the integrator creates a payment with out_trade_no "SECOND"
    Then QFPay answers with respcd "0000"
    And the journal holds the finding "openid-not-fresh"

  @payment
  Scenario Outline: A payment with <name> "<value>" gets 1104
    When a payer logs in
    And the integrator exchanges the code
    And the integrator creates a payment with <name> "<value>"
    Then QFPay answers {"resperr": "<resperr>", "respcd": "1104", "respmsg": "<respmsg>"}

    Examples: missing
      | name         | value | resperr                            | respmsg                  |
      | txamt        |       | \\u53c2\\u6570\\u9519\\u8bef(1104) | txamt is required        |
      | txcurrcd     |       | \\u53c2\\u6570\\u9519\\u8bef(1104) | txcurrcd is required     |
      | pay_type     |       | \\u53c2\\u6570\\u9519\\u8bef(1104) | pay_type is required     |
      | out_trade_no |       | \\u53c2\\u6570\\u9519\\u8bef(1104) | out_trade_no is required |
      | txdtm        |       | \\u53c2\\u6570\\u9519\\u8bef(1104) | txdtm is required        |
      | sub_openid   |       | \\u53c2\\u6570\\u9519\\u8bef(1104) | sub_openid is required   |

    Examples: wrong
      | name        | value               | resperr                            | respmsg           |
      | txamt       | 0                   | \\u53c2\\u6570\\u9519\\u8bef(1104) | txamt error       |
      | txamt       | 3.00                | \\u53c2\\u6570\\u9519\\u8bef(1104) | txamt error       |
      | txcurrcd    | XXX                 | \\u53c2\\u6570\\u9519\\u8bef(1104) | txcurrcd error    |
      | pay_type    | 999999              | \\u53c2\\u6570\\u9519\\u8bef(1104) | pay_type error    |
      | txdtm       | 2026-11-23          | \\u53c2\\u6570\\u9519\\u8bef(1104) | txdtm error       |
      | sub_openid  | None                | \\u53c2\\u6570\\u9519\\u8bef(1104) | sub_openid error  |
      | limit_pay   | credit              | \\u53c2\\u6570\\u9519\\u8bef(1104) | limit_pay error   |
      | extend_info | 小林                | \\u53c2\\u6570\\u9519\\u8bef(1104) | extend_info error |
      | notify_url  | shop.example/notify | \\u53c2\\u6570\\u9519\\u8bef(1104) | notify_url error  |

    Examples: not served here
      | name     | value  | resperr                                                                  | respmsg      |
      | pay_type | 802801 | \\u83b7\\u53d6\\u7528\\u6237\\u652f\\u4ed8\\u901a\\u9053\\u5931\\u8d25   | filter error |

Feature: The vendors' own host names
  Where a request names a host of QFPay's or WeChat's, each is what it is there; otherwise all are this one address.

  Background:
    Given an integrator with an App

  @vendor-names
  Scenario Outline: A login at <host>
    When a payer logs in at "<host>"
    Then the payer comes by "<host>, open.weixin.qq.com, <host>"
    When the integrator exchanges the code
    Then QFPay answers with respcd "0000"

    Examples:
      | host                       |
      | openapi-hk.qfapi.com       |
      | test-openapi-hk.qfapi.com  |
      | openapi-int.qfapi.com      |
      | openapi.qfpay.com          |
      | openapi-jp.qfapi.com       |
      | openapi-th.qfapi.com       |
      | osqt.qfpay.com             |

  @vendor-names
  Scenario: A login at a host nobody has
    When a payer logs in at "sandbox.test"
    Then the payer comes by "sandbox.test, sandbox.test, sandbox.test"

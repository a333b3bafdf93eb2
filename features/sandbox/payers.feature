Feature: Payers
  What a payer was told to do becomes of the order and of the page that opened the wallet.

  Background:
    Given an integrator with an App

  @payer
  Scenario Outline: A payer told to "<behaviour>"
    Given the payer's behaviour is "<behaviour>"
    When a payer orders
    And the payer opens the wallet
    Then the page hears "<page>"
    And the order is "<state>"

    Examples:
      | behaviour            | page    | state   |
      | pay                  | ok      | paid    |
      | cancel               | cancel  | created |
      | insufficient-balance | cancel  | created |
      | wrong-account        | cancel  | created |
      | real-name-mismatch   | cancel  | created |
      | pays-never-returns   | nothing | paid    |
      | pays-bridge-cancels  | cancel  | paid    |
      | bridge-ok-unpaid     | ok      | created |
      | slow                 | ok      | paid    |

  @payer
  Scenario: A payer told nothing waits for a hand
    When a payer orders
    And the payer opens the wallet
    Then the order is "created"
    When the payer pays
    Then the page hears "ok"
    And the order is "paid"

  @payer
  Scenario Outline: A payer told to "<behaviour>" reads why
    Given the payer's behaviour is "<behaviour>"
    When a payer orders
    And the payer pays
    Then WeChat shows "<words>"
    And the order is "created"

    Examples:
      | behaviour            | words                    |
      | insufficient-balance | 余额不足                 |
      | wrong-account        | 下单账号与支付账号不一致 |
      | real-name-mismatch   | 实名信息                 |

  @payer
  Scenario: An order is paid once
    When a payer orders
    And the payer pays
    And the payer pays
    Then WeChat shows "该订单已支付"
    And the order is "paid"

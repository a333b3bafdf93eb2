Feature: Real name and means of payment
  WeChat compares at the wallet what the merchant declared; QFPay takes it as it comes.

  Background:
    Given an integrator with an App
    And the payer's real name is "小林"

  @wallet
  Scenario Outline: The card in the wallet is of "<card>", the order for 110101199003070010
    Given the payer's identity card is "<card>"
    When a payer orders with extend_info "{'user_creid':'110101199003070010','user_truename':'<name>'}"
    Then QFPay answers with respcd "0000"
    When the payer pays
    Then the order is "<state>"

    Examples:
      | card               | name | state   |
      | 110101199003070010 | 小林 | paid    |
      | 110101199003070010 | 大林 | created |
      | 220202198001010020 | 小林 | created |
      |                    | 大林 | paid    |

  @wallet
  Scenario Outline: A payer with <means> where limit_pay is "<limit>"
    Given the payer's means is "<means>"
    When a payer orders with limit_pay "<limit>"
    And the payer pays
    Then the order is "<state>"

    Examples:
      | means   | limit     | state   |
      | credit  | no_credit | created |
      | debit   | no_credit | paid    |
      | balance | no_credit | paid    |
      | credit  |           | paid    |

  @wallet
  Scenario: A refused credit card is told to the payer
    Given the payer's means is "credit"
    When a payer orders with limit_pay "no_credit"
    And the payer pays
    Then WeChat shows "该商户不支持使用信用卡支付"
    And the page hears "cancel"

  @wallet
  Scenario: Another real name is told to the payer
    Given the payer's identity card is "110101199003070010"
    When a payer orders with extend_info "{'user_creid':'110101199003070010','user_truename':'大林'}"
    And the payer pays
    Then WeChat shows "支付账户的实名信息与商户提供的信息不一致"
    And the page hears "cancel"

  @wallet-orders
  Scenario: The wallet lists a payer's own orders
    When a payer orders with out_trade_no "T1"
    And the payer pays
    And the payer looks at the wallet's orders
    Then WeChat shows "支付成功"
    And WeChat shows "T1"

  @wallet-orders
  Scenario: Nobody sees another's
    When a payer orders with out_trade_no "MINE"
    And another payer comes to the page
    And a payer orders with out_trade_no "THEIRS"
    And the payer looks at the wallet's orders
    Then WeChat shows "THEIRS"
    And WeChat does not show "MINE"

  @wallet-orders
  Scenario: The first still sees its own, and no other's
    When a payer orders with out_trade_no "MINE"
    And another payer comes to the page
    And a payer orders with out_trade_no "THEIRS"
    And the first payer comes to the page
    And the payer looks at the wallet's orders
    Then WeChat shows "MINE"
    And WeChat does not show "THEIRS"

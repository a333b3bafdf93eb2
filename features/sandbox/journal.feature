Feature: The journal
  What passed on the wire, and what we conclude from it, for whoever has to find out what went wrong.

  Background:
    Given an integrator with an App
    And the integrator answers notifications with "SUCCESS"

  @journal
  Scenario: One payment after one login
    When a payer orders
    And the payer pays
    Then the integrator hears 1 notification
    And the journal proves one payment

  @journal
  Scenario: A payment nobody was told of proves nothing
    When a payer orders
    Then the journal does not prove one payment

  @journal
  Scenario: Two payments with one openid prove nothing
    When a payer orders
    And the integrator creates a payment with out_trade_no "SECOND"
    And the payer pays
    Then the journal does not prove one payment

  @journal
  Scenario: A goods name is found in each spelling it had on the wire
    When a payer orders with goods_name "狗糧 & 貓糧"
    And the payer pays
    Then the integrator hears 1 notification
    And the journal finds "貓糧" in "/trade/v1/payment, notify"

  @journal
  Scenario: A refusal says what to change
    When the integrator creates a payment with txamt "10.50"
    Then QFPay answers with respcd "1104"
    And the finding "parameter-txamt" says to change "1050"

  @journal
  Scenario: A number used before says when and for what
    When a payer orders with out_trade_no "A1001"
    And the integrator creates the same payment again
    Then QFPay answers with respcd "1251"
    And the finding "out-trade-no-used" says to change "send each order once"

  @journal
  Scenario: The bundle of an order holds its story and no key
    When a payer orders
    And the integrator sends a payment signed with the key in front
    And the payer pays
    Then the integrator hears 1 notification
    And the order's bundle tells of "sign-key-first, get_weixin_openid, /trade/v1/payment, SUCCESS"
    And no key is in the bundle and in no export

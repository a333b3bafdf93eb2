Feature: Login
  The code of get_weixin_oauth_code is exchanged once, for one payment.

  @OAU-01 @must @browser
  Scenario: The callback arrives again
    Given a payer with WeChat on an iPhone
    When the payer orders from the merchant
    And the payer opens the callback again
    Then the payer sees a page
    And the merchant made one payment at QFPay
    When the payer goes back to the cashier and pays
    Then the merchant's order becomes paid

Feature: What each kind of browser gets
  WeChat's login knows WeChat; its wallet opens on phones only.

  @page @kinds
  Scenario Outline: <browser> logs in
    Given an integrator with an App
    And the integrator has an official account
    And the integrator has a page
    And the payer's consent is "allow"
    And a payer with <browser>
    When the payer opens the integrator's login
    Then the payer is at the integrator's with a code

    Examples:
      | browser                   |
      | WeChat on an iPhone       |
      | WeChat on Android         |
      | WeChat of 2022 on Android |
      | WeChat on Windows         |
      | WeChat on a Mac           |
      | WeChat's DevTools         |
      | a mini-program            |

  @page @kinds
  Scenario Outline: <browser> is told to open WeChat
    Given an integrator with an App
    And the integrator has an official account
    And the integrator has a page
    And a payer with <browser>
    When the payer opens the integrator's login
    Then the payer's page says "请在微信客户端打开链接"

    Examples:
      | browser             |
      | WeCom on an iPhone  |
      | WeCom on Android    |
      | Chrome on Android   |
      | Safari on an iPhone |

  @page @kinds
  Scenario Outline: <browser> has a wallet
    Given an integrator with an App
    And the integrator has an official account
    And the integrator has a page
    And a payer with <browser>
    When the payer orders at the page
    Then the wallet is open
    And the page's environment is "<environment>"

    Examples:
      | browser                   | environment |
      | WeChat on an iPhone       | browser     |
      | WeChat on Android         |             |
      | WeChat of 2022 on Android |             |

  @page @kinds
  Scenario Outline: <browser> has a bridge and no wallet
    Given an integrator with an App
    And the integrator has an official account
    And the integrator has a page
    And a payer with <browser>
    When the payer orders at the page
    Then the page shows "<heard>"
    And the page's environment is "<environment>"

    Examples:
      | browser            | environment | heard                                                  |
      | WeChat on Windows  |             | system:function_not_exist                              |
      | WeChat on a Mac    |             | system:function_not_exist                              |
      | WeChat's DevTools  | browser     | getBrandWCPayRequest:fail,没有此SDK或暂不支持此SDK模拟 |
      | a mini-program     | miniprogram | system:function_not_exist                              |
      | WeCom on an iPhone | browser     | system:function_not_exist                              |
      | WeCom on Android   |             | system:function_not_exist                              |

  @page @kinds
  Scenario Outline: <browser> has no bridge
    Given an integrator with an App
    And the integrator has an official account
    And the integrator has a page
    And a payer with <browser>
    When the payer orders at the page
    Then the page shows "no bridge"
    And the page's environment is ""

    Examples:
      | browser             |
      | Chrome on Android   |
      | Safari on an iPhone |

  @shop-kinds @kinds
  Scenario Outline: The shop takes an order from <browser>
    Given a payer with <browser>
    When the payer orders from the merchant
    Then the wallet is open

    Examples:
      | browser                   |
      | WeChat on an iPhone       |
      | WeChat on Android         |
      | WeChat of 2022 on Android |

  @shop-kinds @kinds
  Scenario Outline: The shop takes no order from <browser>
    Given a payer with <browser>
    When the payer tries to order from the merchant
    Then the merchant shows the payer a page
    And the merchant made no payment at QFPay

    Examples:
      | browser             |
      | WeChat on Windows   |
      | WeChat on a Mac     |
      | WeChat's DevTools   |
      | a mini-program      |
      | WeCom on an iPhone  |
      | WeCom on Android    |
      | Chrome on Android   |
      | Safari on an iPhone |

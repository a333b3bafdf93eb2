// Package browser gives a scenario a browser that looks like a payer's: WeChat on a phone, WeChat on a desktop, or a
// browser that is not WeChat at all. It is the only importer of chromedp in the project.
//
// One [Browser] serves a whole run, because starting Chromium costs half a second; one [Tab] serves one scenario, in a
// browser context of its own, so cookies and storage are never shared. Every action has its own deadline, waits for
// what it needs (an element that appears late, an animation that has to end), and says on failure what was looked for,
// on which page, and what was there instead.
//
// The browser reaches loopback, the hosts named in [Options].Allow and the hosts mapped by [Options].Resolve; every
// other name fails with NOTFOUND before a packet is sent.
//
// Three things differ from Chromium as it comes, all because WeChat's browser has one stack of pages and no processes
// to see: a link or script that would open a window navigates the tab instead (window.js; what slips through is
// refused by a launch flag and recorded), site isolation is off, so that iframes of other sites carry the same user
// agent, script and events as their page, and the back-forward cache is off, so that going back always loads.
package browser

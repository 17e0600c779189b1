// A login link may end in the address of a page: `…/express/acct_1/token#/account`. The fragment
// never reaches the server, and every redirect hands it on, so it arrives at home.
const places = { "#/account": "/settings" };

if (location.hash in places) location.replace(places[location.hash]);

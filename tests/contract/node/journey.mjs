// The journey of part A with the official npm SDK; only host, port and protocol are changed.
// Usage: node journey.mjs PORT, the test key in STRIPE_KEY and the account's parameters as JSON
// on standard input. Prints what it read as one JSON object.
import { readFileSync } from "node:fs";
import Stripe from "stripe";

const stripe = new Stripe(process.env.STRIPE_KEY, {
  host: "localhost",
  port: Number(process.argv[2]),
  protocol: "http",
  maxNetworkRetries: 0,
});
const { account: accountParams, bank } = JSON.parse(readFileSync(0, "utf8"));

const seller = await stripe.accounts.create(accountParams);
const onSeller = { stripeAccount: seller.id };
const added = await stripe.accounts.createExternalAccount(seller.id, { external_account: bank });
const account = await stripe.accounts.retrieve(seller.id);

const direct = await stripe.paymentIntents.create(
  {
    amount: 1000,
    currency: "usd",
    payment_method: "pm_card_visa",
    confirm: true,
    application_fee_amount: 123,
  },
  onSeller,
);
const destination = await stripe.paymentIntents.create({
  amount: 1000,
  currency: "usd",
  payment_method: "pm_card_visa",
  confirm: true,
  application_fee_amount: 123,
  transfer_data: { destination: seller.id },
  expand: ["latest_charge.transfer.destination_payment"],
});
const separate = await stripe.charges.create({
  amount: 10_000,
  currency: "usd",
  source: "tok_visa",
});
const transfer = await stripe.transfers.create({
  amount: 7000,
  currency: "usd",
  destination: seller.id,
  source_transaction: separate.id,
});

const walked = [];
for await (const row of stripe.balanceTransactions.list({ limit: 2 })) walked.push(row.id);

const key = { idempotencyKey: "order-1" };
const once = { amount: 500, currency: "usd" };
const first = await stripe.paymentIntents.create(once, key);
const again = await stripe.paymentIntents.create(once, key);

async function refusal(call) {
  try {
    await call();
  } catch (error) {
    const { code, decline_code, param, statusCode, type } = error;
    return { code, decline_code, param, statusCode, type };
  }
  return null;
}

const read = {
  objects: [
    seller,
    added,
    account,
    direct,
    destination,
    separate,
    transfer,
    first,
    again,
    await stripe.charges.retrieve(separate.id),
    await stripe.balance.retrieve(),
    await stripe.balance.retrieve({}, onSeller),
    await stripe.balanceTransactions.list({ limit: 100 }),
    await stripe.balanceTransactions.list({ limit: 100 }, onSeller),
    await stripe.applicationFees.list(),
    await stripe.events.list({ limit: 100 }),
    await stripe.accounts.list({ limit: 3 }),
    await stripe.accounts.createLoginLink(seller.id),
  ],
  seller: seller.id,
  balance: await stripe.balance.retrieve({}, onSeller),
  platformBalance: await stripe.balance.retrieve(),
  rows: (await stripe.balanceTransactions.list({}, onSeller)).data,
  platformRows: (await stripe.balanceTransactions.list({ limit: 100 })).data,
  walked,
  sameObjectTwice: first.id === again.id,
  loginLink: (await stripe.accounts.createLoginLink(seller.id)).url,
  refusals: {
    declined: await refusal(() =>
      stripe.paymentIntents.create({
        amount: 1000,
        currency: "usd",
        payment_method: "pm_card_visa_chargeDeclined",
        confirm: true,
      }),
    ),
    missing: await refusal(() => stripe.charges.retrieve("ch_nobody")),
    invalid: await refusal(() => stripe.paymentIntents.create({ amount: 1, currency: "usd" })),
    otherParameters: await refusal(() =>
      stripe.paymentIntents.create({ ...once, amount: 501 }, key),
    ),
    foreign: await refusal(() => stripe.balance.retrieve({}, { stripeAccount: "acct_1nobody" })),
  },
};

console.log(JSON.stringify(read));

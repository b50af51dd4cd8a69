/// One team of the invented shop, and how customers speak of what it handles.
struct Queue {
  /// The label, which is the answer to be learnt.
  let name: String
  /// Out of 100 tickets, how many the team must act on.
  let share: Int
  /// Sentences that ask this team to act.
  let asks: [String]
  /// Noun phrases for the same matters, used by asks of another wording and by mentions in passing.
  let matters: [String]
  /// What a keyword filter for this team would look for.
  let keywords: [String]
}

extension Queue {
  /// Slots: {product}, {amount}, {month}, {order}, {city}, {device}.
  static let all: [Queue] = [
    Queue(
      name: "billing", share: 24,
      asks: [
        "I was charged twice for the {product}.",
        "My card shows {amount} instead of the price on your site.",
        "You sent me an invoice for {amount} that I cannot explain.",
        "The invoice for {month} lists the {product}, which I never ordered.",
        "The discount code was accepted but the bill still says {amount}.",
        "The tax on my {month} bill looks wrong.",
        "I paid {amount} by bank transfer and the order still shows as unpaid.",
        "Can you put our company name on the invoice for order {order}?",
        "Two payments of {amount} left my account on the same day.",
        "I need a corrected receipt for the {product}.",
        "The yearly plan was billed although I am on the monthly one.",
        "Your shop took {amount} but I never got a payment confirmation.",
      ],
      matters: [
        "the double charge", "the invoice for {month}", "the payment of {amount}",
        "the missing receipt", "the discount on my bill", "the tax on the invoice",
        "the bank transfer", "the billing address", "the unpaid bill", "the card payment",
      ],
      keywords: [
        "charged", "charge", "invoice", "bill", "billed", "billing", "payment", "payments", "paid",
        "receipt", "discount", "tax", "transfer", "unpaid", "card",
      ]),
    Queue(
      name: "account", share: 18,
      asks: [
        "I cannot log in any more, the page says my password is wrong.",
        "The reset link for my password has expired before I could use it.",
        "My account has been locked since {month}.",
        "The login code never reaches my phone.",
        "I would like to change the user name of my profile.",
        "Somebody else seems to use my login.",
        "Please merge my two profiles into one account.",
        "The sign in page sends me back to the start again and again.",
        "I changed my mail address and now the login fails.",
        "My profile still shows my old name after the update.",
        "Two factor sign in stopped working after I got a new {device}.",
        "I am locked out after three wrong passwords.",
      ],
      matters: [
        "the locked account", "the password reset", "the login code", "my old profile",
        "the sign in page", "the user name", "the two profiles", "the reset link",
        "the expired password", "the login trouble",
      ],
      keywords: [
        "log", "login", "password", "passwords", "account", "profile", "profiles", "locked",
        "sign", "reset", "code", "user",
      ]),
    Queue(
      name: "shipping", share: 20,
      asks: [
        "My parcel with the {product} has not arrived.",
        "The tracking page has shown the same place in {city} for a week.",
        "The courier left the parcel at the wrong house.",
        "Please send order {order} to {city} instead.",
        "The delivery of my {product} was promised for {month}.",
        "I was at home but the driver says nobody opened.",
        "The tracking number for order {order} does not exist.",
        "Only one of two parcels was delivered.",
        "When will the {product} be shipped?",
        "The courier returned my parcel to {city} without asking me.",
        "Can the delivery come after six in the evening?",
        "The {product} is on its way to my old street, please redirect it.",
      ],
      matters: [
        "the late parcel", "the delivery to {city}", "the tracking number", "the missing parcel",
        "the courier", "the shipment of the {product}", "the delivery date", "the wrong street",
        "the second parcel", "the redirected shipment",
      ],
      keywords: [
        "parcel", "parcels", "tracking", "courier", "delivery", "delivered", "shipped", "shipment",
        "driver", "arrived", "redirect", "redirected", "street",
      ]),
    Queue(
      name: "returns", share: 14,
      asks: [
        "I want to send the {product} back because it is too big.",
        "How do I return the {product} without the box?",
        "I sent the {product} back in {month} and have not got my money.",
        "The return label for order {order} does not print.",
        "I received the wrong {product} and want to swap it.",
        "Please refund {amount} for the {product} I returned.",
        "The {product} came with a scratch, I want another one.",
        "May I exchange the {product} for a smaller one?",
        "Your warehouse has had my return for three weeks.",
        "I need a return label for the {product}.",
        "The refund you promised in {month} did not come.",
        "I would like to give the {product} back within the thirty days.",
      ],
      matters: [
        "the refund of {amount}", "the return label", "the exchange of the {product}",
        "the return of the {product}", "the scratched {product}", "the swap", "the wrong size",
        "the late refund", "the thirty days", "the returned box",
      ],
      keywords: [
        "return", "returned", "returns", "refund", "swap", "exchange", "label", "scratch",
        "scratched", "warehouse", "size", "back",
      ]),
    Queue(
      name: "technical", share: 15,
      asks: [
        "The {product} does not turn on any more.",
        "The {product} loses the connection to my {device} every hour.",
        "After the update the {product} shows only a red light.",
        "The app crashes on my {device} as soon as I open it.",
        "The battery of the {product} is empty after one hour.",
        "The {product} makes a loud noise when it is warm.",
        "I cannot pair the {product} with my {device}.",
        "The app says error 41 when I add the {product}.",
        "The screen of the {product} stays black.",
        "The latest firmware will not install on the {product}.",
        "The {product} forgets its settings every night.",
        "The microphone of the {product} does not work with my {device}.",
      ],
      matters: [
        "the red light", "the app on my {device}", "the firmware update", "the weak battery",
        "the lost connection", "the black screen", "the error message", "the loud noise",
        "the settings of the {product}", "the pairing with my {device}",
      ],
      keywords: [
        "app", "firmware", "battery", "connection", "screen", "error", "noise", "settings",
        "pair", "pairing", "update", "light", "microphone", "crashes",
      ]),
    Queue(
      name: "cancellation", share: 9,
      asks: [
        "Please cancel my subscription at the end of {month}.",
        "I do not want the yearly plan to renew.",
        "Cancel order {order} before it leaves your house.",
        "I want to end my membership.",
        "Stop the subscription for the {product}, I no longer use it.",
        "I tried to cancel on the site but the button does nothing.",
        "We are closing our office and must end the contract.",
        "Please take me off the monthly plan.",
        "I ordered the {product} by mistake, please stop the order.",
        "The trial must not turn into a subscription.",
        "Please confirm that my contract ends in {month}.",
        "I have moved abroad and need to quit the membership.",
      ],
      matters: [
        "the end of my subscription", "the contract", "the yearly plan", "the cancelled order",
        "the membership", "the trial", "the renewal in {month}", "the monthly plan",
        "the stopped order", "the notice I gave",
      ],
      keywords: [
        "cancel", "cancelled", "subscription", "membership", "contract", "renew", "renewal",
        "trial", "plan", "quit", "end", "stop", "stopped",
      ]),
  ]
}

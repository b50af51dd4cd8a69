/// The small words of the invented shop's mail.
enum Phrases {
  static let products = [
    "desk lamp", "travel kettle", "headset", "garden speaker", "baby monitor", "robot vacuum",
    "coffee grinder", "doorbell camera", "reading light", "keyboard", "air purifier", "bike lock",
    "kitchen scale", "projector", "space heater", "tablet stand", "sewing machine", "drone",
  ]
  static let devices = ["phone", "laptop", "tablet", "television", "watch"]
  static let cities = [
    "Leeds", "Porto", "Lyon", "Graz", "Turin", "Ghent", "Malmo", "Cork", "Bonn", "Utrecht",
  ]
  static let months = [
    "January", "February", "March", "April", "May", "June", "July", "August", "September",
    "October", "November", "December",
  ]

  static let greetings = [
    "Hello,", "Hi,", "Good morning,", "Dear team,", "Hi there,", "Good evening,", "Hello support,",
    "To whom it may concern,",
  ]
  static let openings = [
    "I have been a customer for years.", "I hope you are well.", "This is my second message.",
    "I could not find an answer in your help pages.", "A friend told me to write here.",
    "I am a little confused.", "Sorry to bother you.", "I waited a few days before writing.",
    "I use your shop for my small office.", "I am writing from my holiday.",
  ]
  /// How an ask names its matter instead of telling it; {matter} is what must be acted on.
  static let open = [
    "I need help with {matter}.", "Could you look into {matter}?", "My question is about {matter}.",
    "What is open is {matter}.", "Please take care of {matter}.", "I am still waiting on {matter}.",
    "Nobody has answered me on {matter}.", "It is {matter} that I need you to fix.",
    "Something is wrong with {matter}.", "Please do something about {matter}.",
  ]
  /// How a matter of another team comes up that needs nothing.
  static let settled = [
    "My earlier mail on {matter} is settled, thank you.", "{matter} is fine now.",
    "This has nothing to do with {matter}.", "You already solved {matter} last week.",
    "Your colleague has taken care of {matter}.", "There is no need to look at {matter} again.",
    "I am happy with how you handled {matter}.", "Please leave {matter} as it is.",
    "Last time I wrote about {matter}, that worked out well.",
    "I know {matter} is closed.", "Thanks again for fixing {matter}.",
    "{matter} has been sorted out.", "I no longer need anything on {matter}.",
    "Forget what I said about {matter}.",
  ]
  static let closings = [
    "Thank you for your help.", "Please answer soon.", "I look forward to your reply.",
    "Many thanks.", "Let me know what you need from me.", "I would be glad about a quick answer.",
    "Thanks in advance.", "Please tell me what happens next.",
  ]
  static let contacts = [
    "You can reach me at {email}.", "My number is {phone}.", "Call me on {phone} after five.",
    "My mail is {email}.", "Write to {email} please.", "I paid with card {card}.",
    "My account number is {iban}.", "The request came from {ip}.",
    "My social security number is {ssn}.", "My name is {person}.", "This is {person}.",
    "My neighbour {title} {surname} placed the order.",
  ]
  static let signatures = [
    "Best regards, {person}", "Kind regards, {person}", "Yours sincerely, {person}",
    "Regards, {title} {surname}",
  ]
  static let firstNames = [
    "Alice", "Martin", "Priya", "Oliver", "Sofia", "Daniel", "Hannah", "Lucas", "Emma", "Rahul",
    "Chloe", "Peter", "Laura", "Ahmed", "Nina", "Thomas", "Julia", "Marco", "Helen", "Simon",
    "Clara", "David", "Maria", "Felix", "Anna", "Robert", "Elena", "George", "Lisa", "Samuel",
  ]
  static let surnames = [
    "Miller", "Sharma", "Novak", "Rossi", "Schmidt", "Dubois", "Jansen", "Walker", "Garcia",
    "Murphy", "Kowalski", "Andersen", "Fischer", "Moreau", "Bianchi", "Hughes", "Larsen", "Patel",
    "Weber", "Silva", "Turner", "Lopez", "Bauer", "Cooper", "Meyer", "Reid", "Costa", "Bennett",
  ]
  static let titles = ["Mr.", "Mrs.", "Ms.", "Dr."]

  static let routePrompt = "Which team must act on this ticket?"
  static let handbookPrompts = [
    "Which team acts on this? {matter}", "Who handles this? {matter}",
    "Name the team of the handbook for: {matter}",
  ]
  static let replyPrompt = "Write a short reply to this ticket."

  /// Replies people like: they name the matter and the next step.
  static let goodReplies = [
    "Thank you for telling us about {matter}. I have passed it to the right team and you will hear from us by tomorrow.",
    "I am sorry for the trouble with {matter}. We are looking into it today and I will write again this evening.",
    "Thanks for your patience. I understand that {matter} matters to you, so I will check it now and keep you posted.",
    "I see what happened with {matter}. Here is what we do next: we check your order, then I will call you back.",
    "You are right to ask about {matter}. I have opened a case for you and you will get the answer in one day.",
    "Sorry that {matter} took so long. I will stay with your case until it is done and write to you tomorrow.",
  ]
  /// Replies people dislike: they send the customer away.
  static let poorReplies = [
    "We got your message. Read the help pages on {matter} before you write to us.",
    "This is not our problem. Please see the terms on {matter} and do not write again.",
    "There are many tickets on {matter}. You have to wait like everybody else.",
    "We cannot say anything on {matter}. Your ticket is closed.",
    "You should know how {matter} works. Look at the site again.",
    "Nobody can help you with {matter} today. Try again next month.",
  ]
}

"""Words of a fictional accounting service: themes with complaints and praise in Japanese and English."""

from __future__ import annotations

# id, label_ja, label_en, complaint rate, praise rate
THEMES = (
    ("reliability", "不具合・安定性", "Reliability", 0.16, 0.02),
    ("speed", "待ち時間・速さ", "Speed and waiting", 0.09, 0.05),
    ("support", "サポート・問い合わせ", "Support", 0.07, 0.12),
    ("usability", "使いやすさ", "Ease of use", 0.08, 0.20),
    ("price", "価格・料金", "Price", 0.10, 0.08),
    ("features", "機能", "Features", 0.08, 0.13),
    ("quality", "品質全般", "Overall quality", 0.02, 0.09),
    ("onboarding", "導入・初期設定", "Getting started", 0.05, 0.06),
    ("billing", "契約・請求", "Billing and contract", 0.04, 0.01),
    ("information", "情報・案内", "Information", 0.04, 0.03),
    ("trust", "信頼・安心", "Trust", 0.03, 0.05),
    ("hours", "営業時間・予約", "Opening hours", 0.01, 0.005),
)
QUESTIONS = {
    "ja": ("その点数をつけた理由をお聞かせください。", "改善してほしい点があれば教えてください。"),
    "en": ("What is the main reason for your score?", "What one thing should we do better?"),
}
SEGMENTS = {
    "ja": {
        "プラン": ("フリー", "スタンダード", "ビジネス"),
        "業種": ("飲食", "小売・EC", "IT・Web・デザイン", "士業・コンサルティング", "美容・サロン"),
        "利用期間": ("3か月未満", "3か月〜1年", "1〜3年", "3年以上"),
    },
    "en": {
        "Plan": ("Free", "Standard", "Business"),
        "Industry": (
            "Restaurants",
            "Retail and e-commerce",
            "IT, web and design",
            "Consulting",
            "Beauty salons",
        ),
        "Tenure": ("Under 3 months", "3–12 months", "1–3 years", "Over 3 years"),
    },
}
NEGATIVE = {
    "ja": {
        "reliability": (
            "ネット銀行の連携がすぐ切れて、月に2回は再ログインさせられます",
            "月末になると画面が固まって動かなくなる",
            "レシート撮影が「読み取り中」のまま30分",
        ),
        "speed": ("一覧を開くたびに10秒以上待たされます", "返事が来るまで三日かかった"),
        "support": ("何を聞いてもコピペの回答しか返ってこない", "電話がまったくつながりません"),
        "usability": ("振替伝票の入力がとにかく煩雑", "メニューの場所が毎回わからなくなる"),
        "price": ("年間で計算すると結構な額になる", "値上げの割に中身が変わっていない"),
        "features": ("承認ルートが一段階しか組めません", "部門別の集計ができないのは困る"),
        "quality": ("全体に作りが粗いと感じます", "試算表の数字が開くたびに違う"),
        "onboarding": ("いきなり期首残高と言われても分からない", "初期設定だけで丸一日つぶれました"),
        "billing": ("解約したのに翌月も請求が来た", "請求書の宛名が直せない"),
        "information": ("障害のお知らせが遅すぎる", "料金表が分かりにくい"),
        "trust": ("データが消えたと聞いて不安です", "説明と実際が違う"),
        "hours": ("平日の昼しか受け付けていない", "土日に問い合わせできない"),
    },
    "en": {
        "reliability": (
            "the bank connection drops and I have to log in again twice a month",
            "every month end the screen freezes on me",
            "receipt capture sits at “reading” for half an hour",
        ),
        "speed": ("each list takes more than ten seconds to open", "it took three days to get a reply"),
        "support": ("support only ever pastes the same answer", "nobody picks up the phone"),
        "usability": ("entering a transfer slip is absurdly fiddly", "I can never find the right menu"),
        "price": ("it adds up to a lot over a year", "the price went up and nothing got better"),
        "features": ("approvals only go one level deep", "there is no way to report by department"),
        "quality": ("the whole thing feels unfinished", "the trial balance changes every time I open it"),
        "onboarding": ("asking for opening balances on day one lost me", "the set-up alone ate a whole day"),
        "billing": ("I cancelled and was charged again", "I cannot correct the name on the invoice"),
        "information": ("outage notices come far too late", "the price list is hard to follow"),
        "trust": ("hearing about lost data worries me", "what was promised is not what we got"),
        "hours": ("help is only open on weekday afternoons", "there is no one to ask at weekends"),
    },
}
POSITIVE = {
    "ja": {
        "reliability": ("一度も落ちたことがない", "同期はいつも正確です"),
        "speed": ("請求書が一瞬で作れる", "返信が早くて助かる"),
        "support": ("チャットの方が毎回丁寧に直してくれます", "困ったときの対応が親切"),
        "usability": ("簿記を知らなくても直感的に使える😊", "画面がすっきりして迷わない"),
        "price": ("この値段でここまでできるのは良い", "お金をかけずに始められた"),
        "features": ("自動仕訳がよく当たる", "見積→納品→請求の流れが便利"),
        "quality": ("全体的によくできている", "安心して人にすすめられる出来"),
        "onboarding": ("申し込みから利用開始まで即日だった", "手引きどおりで始められた"),
        "billing": ("契約の変更がすぐ終わった", "請求がわかりやすい"),
        "information": ("メールの案内が丁寧", "ヘルプ記事が充実している"),
        "trust": ("電子帳簿保存法に対応していて安心", "税理士さんの評判も良い"),
        "hours": ("夜でも受け付けてくれる", "土曜も対応してくれた"),
    },
    "en": {
        "reliability": ("it has never gone down on me", "the sync is always right"),
        "speed": ("an invoice is done in seconds", "they answer quickly"),
        "support": ("the chat team fixes it politely every time", "kind help when I was stuck"),
        "usability": ("you can use it without knowing bookkeeping 😊", "clean screens, I never get lost"),
        "price": ("remarkable what you get at this price", "I could start without spending anything"),
        "features": ("automatic entries are usually right", "quote to delivery to invoice just flows"),
        "quality": ("well made all round", "good enough to recommend to friends"),
        "onboarding": ("up and running on the same day", "the guide got me started"),
        "billing": ("changing the contract took a minute", "the bill is easy to read"),
        "information": ("their e-mails explain things well", "the help pages are thorough"),
        "trust": (
            "it follows the record-keeping law, so I feel safe",
            "our tax accountant speaks well of it",
        ),
        "hours": ("they answer even at night", "they were there on a Saturday"),
    },
}
JOIN = {
    "ja": ("{0}。", "{0}。ただ、{1}。", "{0}。あと{1}。"),
    "en": ("{0}.", "{0}. But {1}.", "{0}, and {1}."),
}
TERMS_JA = {
    "reliability": ("連携", "エラー", "固まる", "再ログイン", "切れる"),
    "price": ("値上げ", "年間", "高い", "プラン"),
}
TERMS_EN = {
    "reliability": ("connection", "error", "freezes", "log in", "drops"),
    "price": ("price", "year", "expensive", "plan"),
}
FALLBACK_TERMS = {
    "ja": ("画面", "対応", "毎回", "説明"),
    "en": ("screen", "answer", "every time", "explained"),
}
REQUESTS = {
    "ja": {
        "features": ("請求書をまとめて送れるようにしてほしい", "部門別に集計できると助かります"),
        "price": ("年払いの割引があるとうれしいです", "小さな店向けの安いプランを作ってください"),
        "unmentioned": ("またセミナーを開いてください",),
    },
    "en": {
        "features": ("Please let us send invoices in one go", "It would help to see totals by department"),
        "price": ("A discount for paying yearly would be nice", "Please make a cheaper plan for small shops"),
        "unmentioned": ("Please hold another seminar",),
    },
}

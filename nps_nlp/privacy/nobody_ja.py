"""Who is called さん, 様 or 氏 and is nobody in particular: shops and inns, mascots, artists, families of history."""

from __future__ import annotations

import re

from nps_nlp.privacy.words import word_set

# Where one stays, eats and buys, and what is served and sold there.
_WARES = (
    r"(?:料理|ご飯|御飯|飯|丼|パフェ|寿司|すし|そば|蕎麦|うどん|ラーメン|焼き?鳥|やきとり|まんじゅう|饅頭|菓子|温泉|風呂|部屋|客室|お?店|支店|店舗|メニュー|ケーキ|パン|コーヒー|電波"
    r"|おにぎり|宿|食事|バイキング|グッズ|スタッフ|野菜|商品|配送|アプリ|団子|羽二重|餅|笹漬|へしこ|酒|味噌|醤油|豆腐|箸|メガネ|眼鏡|どら焼|漬物|せんべい|煎餅|ソフトクリーム|アイス|スイーツ"
    r"|プリン|海鮮|定食|弁当|天ぷら|唐揚|カツ|蒲鉾|かまぼこ|お茶|湯|サウナ|体験|土産|名物|品揃え|種類|営業|定休|駐車場|店内|値段|価格|クーポン|コラボ)"
)
_OF_A_HOUSE = re.compile(
    rf"(?:さん|様|さま|ちゃん|くん)(?:と[^。、]{{1,10}}さん)?"
    rf"(?:[にへ](?:も|は)?[^。、]{{0,5}}?(?:宿泊|泊ま|泊っ|お泊|リピート|入っ|立ち?寄|着い|行(?:[きくこ]|っ(?!て(?:もら|いただ|頂|くれ|くだ|下さ)))|いき|いっ(?!て)|伺|遭遇)"
    rf"|を訪|(?:で|にて)(?:は|も)?[^。]{{0,12}}?(?:食べ|頂|いただ(?!い)|戴|購入|買|宿泊|泊|昼食|夕食|朝食|ランチ|飲み|飲む|飲ん|体験)"
    rf"|の[^。、]{{0,8}}?{_WARES}|[はもが]?[、 ]?お?(?:{_WARES}|美味し|おいし|旨|うま[いく]|満席|閉店|休業|休み|満点)"
    rf"|という[^。、]{{0,8}}?(?:お?店|宿|旅館|会社|銀行|メーカー)"
    rf"|\([^)]*(?:屋|店|宿|館)\)|[、や][^。、]{{1,8}}(?:ラーメン|そば|食堂|屋|軒|庵|亭)さん)"
)
# Singers, painters, actors: their work is told of, not their service.
_ON_STAGE = re.compile(
    r"(?:さん|氏|くん|ちゃん)(?:たち|達)?(?:の[^。、]{0,6}?(?:展示|展|絵|作品|ライブ|コンサート|ファン|サイン会?|衣装|狂言|時代|トークショー|ポスター|映画|ドラマ|番組|歌|曲|漫画|小説"
    r"|著書|お?墓|銅像|生家|記念館|生涯|デザイン|リポート|レポート|キャラ)|とのコラボ|を起用|を応援|推し|がアニメ|はアニメ)"
)
_BEFORE = re.compile(
    r"(?:宿泊した|宿泊させていただいた|泊まった|お世話になった宿の?"
    r"|(?:店|宿|旅館|ホテル|民宿|食堂|焼き鳥|寿司|蕎麦|そば|うどん|パン|ケーキ|カフェ|レストラン|道の駅|和菓子|洋菓子|居酒屋|スーパー|コンビニ|タクシー"
    r"|道の駅.{1,8}|処|恐竜|キャラ|キャラクター|マスコット|[犬猫]|トラ|ワンちゃん|イルカ|ペンギン|温泉むすめ|漫画|アニメ|歌手|俳優|女優|画家|作家|YouTuber|ユーチューバー|元日本代表|日本代表|政治家)の?)"
    r"[\s(「]*$|お$"
)
_HISTORY = re.compile(r"遺跡|城|武将|戦国|歴史|史跡|博物|庭園|大名|時代|一族|滅亡|幕府|資料館|栄華|館跡")


def is_nobody(text: str, name: str, at: int) -> bool:
    """Tell whether the honorific at a place of the text follows what is no person whom the comment is about."""
    clan = name in word_set("clans_ja")
    if text.startswith("氏", at) or clan:
        return bool(_HISTORY.search(text)) or (clan and text.startswith("氏", at))
    of_a_house = text[at - 1] in "屋亭荘館楼庵堂苑閣軒店寮" and not text[:at].endswith(
        tuple(word_set("surnames_like_shops_ja"))
    )
    return of_a_house or bool(_OF_A_HOUSE.match(text, at) or _ON_STAGE.match(text, at))


def stands_for_a_house(text: str, start: int) -> bool:
    """Tell whether the words before a name make it that of a shop, a mascot or an artist."""
    return bool(_BEFORE.search(text[:start]))

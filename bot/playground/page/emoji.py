"""Emoji by the names Slack gives them, as far as a project office uses them."""

import re

SHORTCODE = re.compile(r":([a-z0-9_+'-]+):")

NAMES = """
+1 👍 thumbsup 👍 -1 👎 thumbsdown 👎 clap 👏 pray 🙏 raised_hands 🙌 wave 👋 muscle 💪 point_right 👉 eyes 👀
white_check_mark ✅ heavy_check_mark ✔️ ballot_box_with_check ☑️ x ❌ negative_squared_cross_mark ❎ no_entry ⛔
no_entry_sign 🚫 octagonal_sign 🛑 stop_sign 🛑 warning ⚠️ rotating_light 🚨 exclamation ❗ grey_exclamation ❕
question ❓ grey_question ❔ interrobang ⁉️ information_source ℹ️ bulb 💡 bell 🔔 no_bell 🔕 mega 📣 loudspeaker 📢
large_green_circle 🟢 green_circle 🟢 large_yellow_circle 🟡 yellow_circle 🟡 large_orange_circle 🟠 red_circle 🔴
large_red_circle 🔴 large_blue_circle 🔵 blue_circle 🔵 large_purple_circle 🟣 white_circle ⚪ black_circle ⚫
large_brown_circle 🟤 large_green_square 🟩 large_yellow_square 🟨 large_orange_square 🟧 large_red_square 🟥
large_blue_square 🟦 white_large_square ⬜ black_large_square ⬛ small_blue_diamond 🔹 small_orange_diamond 🔸
large_blue_diamond 🔷 large_orange_diamond 🔶 arrow_up ⬆️ arrow_down ⬇️ arrow_left ⬅️ arrow_right ➡️
arrow_upper_right ↗️ arrow_lower_right ↘️ left_right_arrow ↔️ arrow_up_small 🔼 arrow_down_small 🔽 repeat 🔁
arrows_counterclockwise 🔄 leftwards_arrow_with_hook ↩️ chart_with_upwards_trend 📈 chart_with_downwards_trend 📉
bar_chart 📊 calendar 📅 date 📅 spiral_calendar_pad 🗓️ spiral_calendar 🗓️ clock1 🕐 clock3 🕒 clock9 🕘 alarm_clock ⏰
hourglass ⌛ hourglass_flowing_sand ⏳ stopwatch ⏱️ timer_clock ⏲️ clipboard 📋 memo 📝 pencil 📝 pencil2 ✏️ pushpin 📌
round_pushpin 📍 paperclip 📎 link 🔗 page_facing_up 📄 page_with_curl 📃 bookmark 🔖 bookmark_tabs 📑 books 📚 book 📖
file_folder 📁 open_file_folder 📂 card_index_dividers 🗂️ card_file_box 🗃️ inbox_tray 📥 outbox_tray 📤 package 📦
email 📧 envelope ✉️ incoming_envelope 📨 speech_balloon 💬 thought_balloon 💭 left_speech_bubble 🗨️ lock 🔒 unlock 🔓
key 🔑 mag 🔍 mag_right 🔎 gear ⚙️ wrench 🔧 hammer_and_wrench 🛠️ tools 🛠️ construction 🚧 building_construction 🏗️
rocket 🚀 airplane ✈️ checkered_flag 🏁 triangular_flag_on_post 🚩 white_flag 🏳️ dart 🎯 trophy 🏆 medal 🏅 star ⭐
star2 🌟 sparkles ✨ fire 🔥 boom 💥 zap ⚡ tada 🎉 confetti_ball 🎊 gift 🎁 heart ❤️ broken_heart 💔 blue_heart 💙
smile 😄 slightly_smiling_face 🙂 grinning 😀 joy 😂 thinking_face 🤔 neutral_face 😐 worried 😟 disappointed 😞 cry 😢
scream 😱 sweat 😓 sweat_smile 😅 sunglasses 😎 face_with_monocle 🧐 robot_face 🤖 ghost 👻 skull 💀
bust_in_silhouette 👤 busts_in_silhouette 👥 handshake 🤝 crown 👑 briefcase 💼 office 🏢 house 🏠 factory 🏭 bank 🏦
moneybag 💰 money_with_wings 💸 dollar 💵 euro 💶 pound 💷 credit_card 💳 receipt 🧾 scales ⚖️ shield 🛡️ umbrella ☔
sunny ☀️ partly_sunny ⛅ cloud ☁️ rain_cloud 🌧️ thunder_cloud_and_rain ⛈️ snowflake ❄️ seedling 🌱 deciduous_tree 🌳
coffee ☕ beers 🍻 palm_tree 🌴 beach_with_umbrella 🏖️ face_with_thermometer 🤒 sleeping 😴 zzz 💤 new 🆕 ok 🆗 sos 🆘
soon 🔜 end 🔚 up 🆙 free 🆓 id 🆔 one 1️⃣ two 2️⃣ three 3️⃣ four 4️⃣ five 5️⃣ six 6️⃣ seven 7️⃣ eight 8️⃣ nine 9️⃣ zero 0️⃣
hash #️⃣ heavy_plus_sign ➕ heavy_minus_sign ➖ heavy_multiplication_x ✖️ small_red_triangle 🔺 small_red_triangle_down 🔻
wastebasket 🗑️ recycle ♻️ computer 💻 desktop_computer 🖥️ iphone 📱 telephone_receiver 📞 microscope 🔬 test_tube 🧪
globe_with_meridians 🌐 earth_africa 🌍 earth_americas 🌎 earth_asia 🌏 world_map 🗺️ compass 🧭 thread 🧵 label 🏷️
ladder 🪜 anchor ⚓ ship 🚢 truck 🚚 train 🚆 car 🚗 traffic_light 🚦 vertical_traffic_light 🚦 jigsaw 🧩 abacus 🧮
""".split()

EMOJI = dict(zip(NAMES[::2], NAMES[1::2], strict=True))


def named(name: str) -> str:
    """The picture of a name; a name that is not known stays written out, as Slack does."""
    return EMOJI.get(name.partition("::")[0], f":{name}:")


def replaced(text: str) -> str:
    """The text with each known :name: turned into its picture."""
    return SHORTCODE.sub(lambda match: named(match[1]), text)

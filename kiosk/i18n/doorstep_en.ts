<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="en" sourcelanguage="zh_CN">
 <context>
  <name>AgentPage</name>
  <message>
   <source>下一步</source>
   <translation>Next</translation>
  </message>
  <message>
   <source>两个人的身份都会写进申请里，谁办的、替谁办的，清清楚楚。</source>
   <translation>Both persons go into the application: who acted, and for whom.</translation>
  </message>
  <message>
   <source>他的身份信息</source>
   <translation>The other person</translation>
  </message>
  <message>
   <source>先把自己的身份证拿开，再放另一个人的</source>
   <translation>Take your own card away first, then lay down the other one</translation>
  </message>
  <message>
   <source>您是{name}的什么人？</source>
   <translation>What are you to {name}?</translation>
  </message>
  <message>
   <source>来办的人：{name}</source>
   <translation>Here for them: {name}</translation>
  </message>
  <message>
   <source>没带他的身份证</source>
   <translation>The card is not here</translation>
  </message>
  <message>
   <source>请放他的身份证</source>
   <translation>Please lay down the other person's card</translation>
  </message>
  <message>
   <source>请放孩子的身份证</source>
   <translation>Please lay down the child's card</translation>
  </message>
  <message>
   <source>请监护人放上身份证</source>
   <translation>Guardian, please lay down your card</translation>
  </message>
  <message>
   <source>返回</source>
   <translation>Back</translation>
  </message>
 </context>
 <context>
  <name>ApplyForPage</name>
  <message>
   <source>不满 18 岁，由爸爸妈妈或其他监护人来办</source>
   <translation>Under 18: a parent or other guardian applies</translation>
  </message>
  <message>
   <source>家里人、邻居来不了。要带上他的身份证</source>
   <translation>Family or neighbour who cannot come. Bring their ID card</translation>
  </message>
  <message>
   <source>替别人办</source>
   <translation>For another person</translation>
  </message>
  <message>
   <source>替别人办，两个人的身份证都要读。</source>
   <translation>To act for another, both ID cards are read.</translation>
  </message>
  <message>
   <source>给孩子办</source>
   <translation>For a child</translation>
  </message>
  <message>
   <source>给自己办</source>
   <translation>For myself</translation>
  </message>
  <message>
   <source>给谁办？</source>
   <translation>Who is it for?</translation>
  </message>
  <message>
   <source>读到的是：{name}</source>
   <translation>Card read: {name}</translation>
  </message>
  <message>
   <source>这件事要本人来办，不能请人代办。</source>
   <translation>The applicant must come in person; nobody can act for them.</translation>
  </message>
 </context>
 <context>
  <name>Asked</name>
  <message>
   <source>只要补这一样：{what}</source>
   <translation>Only this is needed: {what}</translation>
  </message>
  <message>
   <source>接上：{head}</source>
   <translation>Continued: {head}</translation>
  </message>
  <message>
   <source>放上身份证，就能看到现在填的是什么</source>
   <translation>Lay down your ID card to see what it says now</translation>
  </message>
  <message>
   <source>现在填的是</source>
   <translation>Now it says</translation>
  </message>
  <message>
   <source>现在填的是什么，这台机器打不开，请问工作人员</source>
   <translation>What it says now cannot be opened on this machine; please ask staff</translation>
  </message>
  <message>
   <source>现在没有填</source>
   <translation>Nothing is filled in now</translation>
  </message>
  <message>
   <source>要补的第 {n} 样，共 {count} 样：{what}</source>
   <translation>To put right, {n} of {count}: {what}</translation>
  </message>
 </context>
 <context>
  <name>AttractPage</name>
  <message>
   <source>办事不用跑远路，这里就能办</source>
   <translation>Public services, right here at your door</translation>
  </message>
  <message>
   <source>家门口</source>
   <translation>Doorstep</translation>
  </message>
  <message>
   <source>查进度</source>
   <translation>Track</translation>
  </message>
  <message>
   <source>没带身份证、不会用机器？点一下屏幕，有人帮您。</source>
   <translation>No card, or not used to machines? Touch the screen: somebody will help.</translation>
  </message>
  <message>
   <source>请放上身份证，或点一下屏幕</source>
   <translation>Lay down your ID card, or touch the screen</translation>
  </message>
 </context>
 <context>
  <name>BottomBar</name>
  <message>
   <source>叫工作人员</source>
   <translation>Call staff</translation>
  </message>
  <message>
   <source>大字</source>
   <translation>Large text</translation>
  </message>
  <message>
   <source>普通字</source>
   <translation>Normal text</translation>
  </message>
  <message>
   <source>朗读</source>
   <translation>Read aloud</translation>
  </message>
  <message>
   <source>返回</source>
   <translation>Back</translation>
  </message>
  <message>
   <source>首页</source>
   <translation>Home</translation>
  </message>
 </context>
 <context>
  <name>CameraPage</name>
  <message>
   <source>不对就用手指把圆点拖到纸角上</source>
   <translation>If not, drag each dot onto the paper's corner</translation>
  </message>
  <message>
   <source>四个角对不对？</source>
   <translation>Are the four corners right?</translation>
  </message>
  <message>
   <source>把材料放到摄像头下面</source>
   <translation>Put the paper under the camera</translation>
  </message>
  <message>
   <source>把纸放平，放在摄像头正下方。</source>
   <translation>Lay the paper flat, right below the camera.</translation>
  </message>
  <message>
   <source>拍照</source>
   <translation>Take the picture</translation>
  </message>
  <message>
   <source>摄像头正在打开……</source>
   <translation>The camera is starting…</translation>
  </message>
  <message>
   <source>放平，四个边都要照到</source>
   <translation>Lay it flat, with all four edges in view</translation>
  </message>
  <message>
   <source>机器会自己找到纸边，裁正，再变清楚。拍得不好可以重拍，原件不会留下。</source>
   <translation>The machine finds the paper's edges, straightens it and makes it clear. You can take it again; no paper is kept.</translation>
  </message>
  <message>
   <source>正在存……</source>
   <translation>Saving…</translation>
  </message>
  <message>
   <source>正在拍，别动……</source>
   <translation>Taking it, hold still…</translation>
  </message>
  <message>
   <source>没有画面</source>
   <translation>No picture</translation>
  </message>
  <message>
   <source>用这张</source>
   <translation>Use this one</translation>
  </message>
  <message>
   <source>重拍</source>
   <translation>Take again</translation>
  </message>
 </context>
 <context>
  <name>CameraWords</name>
  <message>
   <source>太暗了，请开灯，身子别挡着光。</source>
   <translation>Too dark. Turn on a light, and do not stand in it.</translation>
  </message>
  <message>
   <source>拍清楚了。</source>
   <translation>It came out clearly.</translation>
  </message>
  <message>
   <source>摄像头没接上。请叫工作人员，或者选“以后补交”，不耽误申请。</source>
   <translation>The camera is not connected. Please call staff, or choose “Later”; your application goes on.</translation>
  </message>
  <message>
   <source>摄像头没有画面。请叫工作人员，或者选“以后补交”，不耽误申请。</source>
   <translation>The camera shows no picture. Please call staff, or choose “Later”; your application goes on.</translation>
  </message>
  <message>
   <source>机器拿不准纸的边。请把四个圆点拖到纸的四个角上。</source>
   <translation>The machine is not sure of the edges. Please drag the four dots onto the paper's corners.</translation>
  </message>
  <message>
   <source>没找到纸的边。请把四个圆点拖到纸的四个角上。</source>
   <translation>No edges found. Please drag the four dots onto the paper's corners.</translation>
  </message>
  <message>
   <source>看清了，可以拍。</source>
   <translation>It is clear: take the picture.</translation>
  </message>
  <message>
   <source>纸上反光。把纸转一转，或者挪开灯。</source>
   <translation>The paper shines. Turn it a little, or move the lamp.</translation>
  </message>
  <message>
   <source>纸没有照全。请往中间挪一挪。</source>
   <translation>Not all of the paper is in view. Move it to the middle.</translation>
  </message>
  <message>
   <source>纸没有照全，最好重拍。</source>
   <translation>Not all of the paper is on it. Better take it again.</translation>
  </message>
  <message>
   <source>纸离得太远，字太小。请靠近摄像头。</source>
   <translation>Too far away, the writing is too small. Move it nearer to the camera.</translation>
  </message>
  <message>
   <source>纸边看不太清，换个深色的垫子更好。也可以拍，拍完自己点四个角。</source>
   <translation>The edges are hard to see; a dark mat helps. You may take it and set the corners yourself.</translation>
  </message>
  <message>
   <source>还没看见纸。请放到摄像头正下方。</source>
   <translation>No paper seen yet. Put it right below the camera.</translation>
  </message>
  <message>
   <source>还看不清。手拿开，等它变清楚。</source>
   <translation>Not sharp yet. Take your hand away and wait.</translation>
  </message>
  <message>
   <source>这张太暗，最好开灯重拍。</source>
   <translation>This one is too dark. Better take it again with a light.</translation>
  </message>
  <message>
   <source>这张字太小，最好靠近一点重拍。</source>
   <translation>The writing is too small. Better take it again from nearer.</translation>
  </message>
  <message>
   <source>这张有反光，有的字看不见，最好重拍。</source>
   <translation>This one shines, and some words cannot be seen. Better take it again.</translation>
  </message>
  <message>
   <source>这张有点模糊，最好重拍。</source>
   <translation>This one is a little blurred. Better take it again.</translation>
  </message>
 </context>
 <context>
  <name>CardPage</name>
  <message>
   <source>不耽误办事：点“没带身份证”，工作人员帮您登记。</source>
   <translation>You can go on: touch “No card with me” and staff will register you.</translation>
  </message>
  <message>
   <source>先填好</source>
   <translation>Fill in now</translation>
  </message>
  <message>
   <source>只读姓名、身份证号码、住址和有效期，用来填申请表。不留照片，办完就从屏幕上清除。</source>
   <translation>Only name, ID number, address and validity, to fill in your form. No photo is kept; all is cleared from the screen when you finish.</translation>
  </message>
  <message>
   <source>叫工作人员</source>
   <translation>Call staff</translation>
  </message>
  <message>
   <source>感应区在屏幕下方，画着身份证的地方</source>
   <translation>The reader is below the screen, where a card is drawn</translation>
  </message>
  <message>
   <source>接受以后，申请上会写明是 {name} 接受的。</source>
   <translation>The application will say that {name} accepted it.</translation>
  </message>
  <message>
   <source>接受这张证</source>
   <translation>Accept card</translation>
  </message>
  <message>
   <source>没带身份证</source>
   <translation>No card with me</translation>
  </message>
  <message>
   <source>请把身份证放在感应区</source>
   <translation>Lay your ID card on the reader</translation>
  </message>
  <message>
   <source>读什么、为什么读</source>
   <translation>What is read, and why</translation>
  </message>
  <message>
   <source>读卡器现在用不了</source>
   <translation>The card reader does not work just now</translation>
  </message>
  <message>
   <source>身份证过期了</source>
   <translation>The ID card has expired</translation>
  </message>
  <message>
   <source>身份证还没到生效日期</source>
   <translation>The ID card is not valid yet</translation>
  </message>
  <message>
   <source>返回</source>
   <translation>Back</translation>
  </message>
 </context>
 <context>
  <name>CardWords</name>
  <message>
   <source>可以先填好存着。要交申请，请工作人员确认身份证。</source>
   <translation>You can fill in and keep the form. To hand it in, staff must confirm the ID card.</translation>
  </message>
  <message>
   <source>好了，{name} 接受了这张身份证，申请上会写明。</source>
   <translation>{name} has accepted this card; the application says so.</translation>
  </message>
  <message>
   <source>姓名里有不能用的字符。请写汉字，少数民族姓名中间用“·”。</source>
   <translation>The name has characters that cannot be used. Please write Chinese characters, with “·” inside names of minorities.</translation>
  </message>
  <message>
   <source>请把身份证拿起来，再放一次。</source>
   <translation>Please lift the ID card and lay it down again.</translation>
  </message>
  <message>
   <source>读卡器没接上。点“没带身份证”，工作人员帮您登记。</source>
   <translation>The reader is not connected. Touch “No card with me” and staff will register you.</translation>
  </message>
  <message>
   <source>读卡器没有回应。请拿起来再放一次；还不行，点“没带身份证”，工作人员帮您登记。</source>
   <translation>The reader does not answer. Lift the card and lay it down again; else touch “No card with me” and staff will register you.</translation>
  </message>
  <message>
   <source>身份证号码不完整或不对。请再核对一遍。</source>
   <translation>The ID number is incomplete or wrong. Please compare once more.</translation>
  </message>
  <message>
   <source>身份证号码对不上，可能没读好。请拿起来再放一次；还不行，请叫工作人员。</source>
   <translation>The ID number does not fit, it may have been misread. Lift the card and lay it down again, or call staff.</translation>
  </message>
  <message>
   <source>身份证没读出来。请放平，别和手机、公交卡叠在一起，再试一次。</source>
   <translation>The card could not be read. Lay it flat, away from phones and bus cards, and try again.</translation>
  </message>
  <message>
   <source>身份证过期了，要尽快换新的，换证不要钱。今天可以先填好存着；要交，请工作人员确认。</source>
   <translation>The ID card has expired; renew it soon, it is free. You can fill in and keep the form today; to hand it in, staff must confirm.</translation>
  </message>
  <message>
   <source>还没读到身份证。请把证平放在感应区，别拿开；没带，就点“没带身份证”。</source>
   <translation>No ID card read yet. Lay it flat on the reader and leave it there; without one, touch “No card with me”.</translation>
  </message>
  <message>
   <source>这张身份证还没到生效日期。可以先填好存着；要交，请工作人员确认。</source>
   <translation>This ID card is not valid yet. You can fill in and keep the form; to hand it in, staff must confirm.</translation>
  </message>
  <message>
   <source>这是另一个人的身份证。要给另一个人办，请先办完或回首页。</source>
   <translation>This is another person's card. To apply for somebody else, finish first or go home.</translation>
  </message>
 </context>
 <context>
  <name>Carry</name>
  <message>
   <source>U盘上有别的机器的 {count} 个回执文件</source>
   <translation>Receipt files of other machines on the stick: {count}</translation>
  </message>
  <message>
   <source>U盘上还有别的机器的 {count} 个文件</source>
   <translation>Files of other machines on the stick: {count}</translation>
  </message>
  <message>
   <source>U盘写不进去</source>
   <translation>The stick cannot be written</translation>
  </message>
  <message>
   <source>U盘出错了</source>
   <translation>The stick failed</translation>
  </message>
  <message>
   <source>U盘拔早了</source>
   <translation>The stick came out too early</translation>
  </message>
  <message>
   <source>U盘放不下，还有 {count} 份没带走</source>
   <translation>The stick is too small: {count} stayed behind</translation>
  </message>
  <message>
   <source>U盘没有问题。请找人看一下这台机器。</source>
   <translation>The stick is fine. Have this machine looked at.</translation>
  </message>
  <message>
   <source>U盘满了</source>
   <translation>The stick is full</translation>
  </message>
  <message>
   <source>{files} 份材料，共 {size}</source>
   <translation>{files} papers, {size} in all</translation>
  </message>
  <message>
   <source>{name}　{code}</source>
   <translation>{name}  {code}</translation>
  </message>
  <message>
   <source>{records} 份申请、{files} 份材料，共 {size}</source>
   <translation>{records} applications and {files} papers, {size} in all</translation>
  </message>
  <message>
   <source>{records} 份申请，共 {size}</source>
   <translation>{records} applications, {size} in all</translation>
  </message>
  <message>
   <source>、</source>
   <translation>, </translation>
  </message>
  <message>
   <source>事项目录也更新了</source>
   <translation>The list of services is up to date too</translation>
  </message>
  <message>
   <source>什么都没有丢。拔下来重新插好再试，或者换一个U盘。</source>
   <translation>Nothing is lost. Pull it out, put it in again, or take another one.</translation>
  </message>
  <message>
   <source>什么都没有丢，都还在这台机器上。插好，再来一次。</source>
   <translation>Nothing is lost, all of it is on this machine. Put it in and do it again.</translation>
  </message>
  <message>
   <source>写进去和读出来不一样。请换一个U盘，都还在这台机器上。</source>
   <translation>It gives back other than was written. Take another one; all of it is on this machine.</translation>
  </message>
  <message>
   <source>别的机器的申请，有 {count} 份没接过来</source>
   <translation>Applications of other machines not taken over: {count}</translation>
  </message>
  <message>
   <source>另有 {count} 份扫描的材料，由原来那台机器上报。</source>
   <translation> Its {count} scanned papers are sent by the machine it comes from.</translation>
  </message>
  <message>
   <source>可以用扫码枪，一张一张扫。</source>
   <translation>Use the code scanner, one code after the other.</translation>
  </message>
  <message>
   <source>和已有的一份对不上</source>
   <translation>It contradicts one that is here</translation>
  </message>
  <message>
   <source>已经登记，有网就自动上报，编号不变。</source>
   <translation>Registered; it is sent as soon as there is a network, under the same number.</translation>
  </message>
  <message>
   <source>带回：{delivered} 份回执、{events} 条消息</source>
   <translation>Back: {delivered} receipts, {events} messages</translation>
  </message>
  <message>
   <source>带回：没有新的回执</source>
   <translation>Back: no new receipts</translation>
  </message>
  <message>
   <source>带走：{records} 份申请、{files} 份材料</source>
   <translation>Out: {records} applications, {files} papers</translation>
  </message>
  <message>
   <source>带走：没有要带走的</source>
   <translation>Out: nothing was waiting</translation>
  </message>
  <message>
   <source>平台已经收到了，不用再扫。</source>
   <translation>The platform has it already.</translation>
  </message>
  <message>
   <source>扫描仪或摄像头没接上</source>
   <translation>Scanner or camera is not connected</translation>
  </message>
  <message>
   <source>扫描仪里没有纸</source>
   <translation>No paper in the scanner</translation>
  </message>
  <message>
   <source>接过来：别的机器的 {count} 份申请，从这里上报</source>
   <translation>Taken over from other machines: {count}, sent from here</translation>
  </message>
  <message>
   <source>放好再扫。</source>
   <translation>Put it in and scan again.</translation>
  </message>
  <message>
   <source>方块码里的内容坏了</source>
   <translation>What is in the codes is damaged</translation>
  </message>
  <message>
   <source>有 {count} 个回执文件坏了，没有用</source>
   <translation>Receipt files that were damaged and not used: {count}</translation>
  </message>
  <message>
   <source>有一张码没有读对</source>
   <translation>One code was misread</translation>
  </message>
  <message>
   <source>正在写到U盘……</source>
   <translation>Writing to the stick…</translation>
  </message>
  <message>
   <source>正在取回执和消息……</source>
   <translation>Taking receipts and messages…</translation>
  </message>
  <message>
   <source>正在存牢……</source>
   <translation>Making it safe…</translation>
  </message>
  <message>
   <source>正在接别的机器的申请……</source>
   <translation>Taking other machines' applications…</translation>
  </message>
  <message>
   <source>正在读出来核对……</source>
   <translation>Reading it back to check…</translation>
  </message>
  <message>
   <source>没有打开，也没有动。请带回那台机器。</source>
   <translation>Not opened, not touched. Please take them back to that machine.</translation>
  </message>
  <message>
   <source>没有打开，也没有动。请插到有网的机器上，或者带到平台。</source>
   <translation>Not opened, not touched. Put the stick into a machine with a network, or take it to the platform.</translation>
  </message>
  <message>
   <source>没有扫上</source>
   <translation>It was not scanned</translation>
  </message>
  <message>
   <source>没有收下。请把这份表交到办事窗口去扫。</source>
   <translation>It was not taken. Have it scanned at the service counter.</translation>
  </message>
  <message>
   <source>没有收下。请重新打印这份表，或者交到办事窗口。</source>
   <translation>It was not taken. Print the form again, or hand it in at the service counter.</translation>
  </message>
  <message>
   <source>没有要带走的，都已经上报了。</source>
   <translation>Nothing to take along: everything has been sent.</translation>
  </message>
  <message>
   <source>看看U盘上有没有锁，拨到打开的一边，或者换一个U盘。</source>
   <translation>If it has a lock, slide it open; or take another stick.</translation>
  </message>
  <message>
   <source>编号是这台机器的，可是这台机器没有登记过。没有收下，请交到办事窗口。</source>
   <translation>It bears this machine's number, but this machine did not register it. It was not taken; hand it in at the service counter.</translation>
  </message>
  <message>
   <source>要先登记到平台，才能用U盘。</source>
   <translation>It must be enrolled before sticks can be used.</translation>
  </message>
  <message>
   <source>请交到办事窗口去扫。</source>
   <translation>Have it scanned at the service counter.</translation>
  </message>
  <message>
   <source>请再扫一次。</source>
   <translation>Scan it again.</translation>
  </message>
  <message>
   <source>请平台重新导出一次。这台机器上什么都没有变。</source>
   <translation>Ask the platform to export them again. Nothing was changed here.</translation>
  </message>
  <message>
   <source>请扫申请表最后面的大方块码。</source>
   <translation>Scan the large square codes at the form's end.</translation>
  </message>
  <message>
   <source>请扫申请表的最后一页，放平，不要盖住方块码。</source>
   <translation>Scan the form's last page, flat, with nothing on the codes.</translation>
  </message>
  <message>
   <source>请放平再扫一次。</source>
   <translation>Lay it flat and scan again.</translation>
  </message>
  <message>
   <source>还差第 {numbers} 张</source>
   <translation>Still missing: {numbers}</translation>
  </message>
  <message>
   <source>这一页没有找到方块码</source>
   <translation>No square code on this page</translation>
  </message>
  <message>
   <source>这不是申请表上的码</source>
   <translation>That is no code of a form</translation>
  </message>
  <message>
   <source>这个U盘靠不住</source>
   <translation>This stick cannot be trusted</translation>
  </message>
  <message>
   <source>这份以前扫过，不会重复登记。</source>
   <translation>Scanned before; it is not registered twice.</translation>
  </message>
  <message>
   <source>这份表一共 {total} 张方块码。接着扫，先后不限。</source>
   <translation>This form has {total} square codes. Go on in any order.</translation>
  </message>
  <message>
   <source>这份表对不上</source>
   <translation>This form does not fit</translation>
  </message>
  <message>
   <source>这份表比这台机器新</source>
   <translation>The form is newer than this machine</translation>
  </message>
  <message>
   <source>这份表没有收下。请找人看一下机器，表先收好。</source>
   <translation>The form was not taken. Keep it, and have the machine looked at.</translation>
  </message>
  <message>
   <source>这份表没有收下，请先收好。</source>
   <translation>The form was not taken; keep it safe.</translation>
  </message>
  <message>
   <source>这台机器的硬盘写不进去</source>
   <translation>This machine's disk cannot be written</translation>
  </message>
  <message>
   <source>这台机器还没有接好平台</source>
   <translation>This machine has no platform yet</translation>
  </message>
  <message>
   <source>都还在U盘上，请把U盘带到平台。</source>
   <translation>They are still on the stick. Please take it to the platform.</translation>
  </message>
  <message>
   <source>都还在这台机器上。删掉一些文件，或者换一个U盘。</source>
   <translation>All of it is on this machine. Delete some files, or take another stick.</translation>
  </message>
  <message>
   <source>都还在这台机器上。换一个空一点的U盘，再来一次。</source>
   <translation>They are safe on this machine. Take an emptier stick and do it again.</translation>
  </message>
 </context>
 <context>
  <name>CasePage</name>
  <message>
   <source>{names}　编号 {code}</source>
   <translation>{names} · code {code}</translation>
  </message>
  <message>
   <source>　</source>
   <translation> · </translation>
  </message>
  <message>
   <source>上报</source>
   <translation>To be sent</translation>
  </message>
  <message>
   <source>不服可以打 12345，或者问 {phone}</source>
   <translation>To object call 12345, or ask {phone}</translation>
  </message>
  <message>
   <source>别的不用再填，编号不变。</source>
   <translation>Nothing else to fill in, the code stays the same.</translation>
  </message>
  <message>
   <source>办好</source>
   <translation>Done</translation>
  </message>
  <message>
   <source>办好了。结果怎么领，看上面的留言，或者问工作人员。</source>
   <translation>It is done. The message above says how to collect it, or ask staff.</translation>
  </message>
  <message>
   <source>受理</source>
   <translation>Acceptance</translation>
  </message>
  <message>
   <source>受理后 {limit}内办好</source>
   <translation>Done within {limit} of acceptance</translation>
  </message>
  <message>
   <source>回执打好了，请取走</source>
   <translation>The receipt is printed, please take it</translation>
  </message>
  <message>
   <source>填的都还在。请叫工作人员看一下。</source>
   <translation>All you filled in is still here. Please ask staff to look.</translation>
  </message>
  <message>
   <source>已登记</source>
   <translation>Registered</translation>
  </message>
  <message>
   <source>已送到</source>
   <translation>Delivered</translation>
  </message>
  <message>
   <source>带上它来找工作人员</source>
   <translation>Bring it to staff</translation>
  </message>
  <message>
   <source>平台没有收下这份申请</source>
   <translation>The platform did not take this application</translation>
  </message>
  <message>
   <source>有新消息，这里会自己更新。网络不通时，显示的是上次收到的消息。</source>
   <translation>News appears here by itself. Without network you see what came last.</translation>
  </message>
  <message>
   <source>有网后自动上报，不用您再来</source>
   <translation>Sent when the network is back; you need not return</translation>
  </message>
  <message>
   <source>案号 {number}</source>
   <translation>Case {number}</translation>
  </message>
  <message>
   <source>正在打……</source>
   <translation>Printing…</translation>
  </message>
  <message>
   <source>看好了</source>
   <translation>Done</translation>
  </message>
  <message>
   <source>编号记得住就能查，不打也不要紧。</source>
   <translation>With the number you can always look it up; no paper is needed.</translation>
  </message>
  <message>
   <source>补打回执</source>
   <translation>Print again</translation>
  </message>
  <message>
   <source>返回</source>
   <translation>Back</translation>
  </message>
  <message>
   <source>这条消息在这台机器上打不开，请问工作人员</source>
   <translation>This message cannot be opened on this machine; please ask staff</translation>
  </message>
  <message>
   <source>部门看过材料，就会受理</source>
   <translation>The department looks at the papers, then accepts</translation>
  </message>
 </context>
 <context>
  <name>Cases</name>
  <message>
   <source>{month}月{day}日 {time}</source>
   <translation>{time}, {day}/{month}</translation>
  </message>
  <message>
   <source>已办好</source>
   <translation>Finished</translation>
  </message>
  <message>
   <source>已受理</source>
   <translation>Accepted</translation>
  </message>
  <message>
   <source>已登记，等待上报</source>
   <translation>Registered, waiting to be sent</translation>
  </message>
  <message>
   <source>已送到</source>
   <translation>Delivered</translation>
  </message>
  <message>
   <source>平台没有收下，请叫工作人员</source>
   <translation>The platform did not take it, please call staff</translation>
  </message>
  <message>
   <source>暂停计时</source>
   <translation>Clock stopped</translation>
  </message>
  <message>
   <source>正在审核</source>
   <translation>Under review</translation>
  </message>
  <message>
   <source>没有通过</source>
   <translation>Not approved</translation>
  </message>
  <message>
   <source>要补正</source>
   <translation>Correction needed</translation>
  </message>
  <message>
   <source>部门留言</source>
   <translation>Message from the department</translation>
  </message>
 </context>
 <context>
  <name>CheckPage</name>
  <message>
   <source>、</source>
   <translation>, </translation>
  </message>
  <message>
   <source>交之前机器先帮您看一遍，免得来回跑。只看办事指南上列的，不多要一样。</source>
   <translation>The machine checks before you hand in, to spare you a trip. Only what the guide lists is asked for.</translation>
  </message>
  <message>
   <source>从头看一遍</source>
   <translation>Read it through</translation>
  </message>
  <message>
   <source>代办人</source>
   <translation>Agent</translation>
  </message>
  <message>
   <source>以后要补交的</source>
   <translation>To bring later</translation>
  </message>
  <message>
   <source>其他</source>
   <translation>Other</translation>
  </message>
  <message>
   <source>再从头看一遍，就可以签名了</source>
   <translation>Read it once more, then sign</translation>
  </message>
  <message>
   <source>去补第一处</source>
   <translation>To the first one</translation>
  </message>
  <message>
   <source>同意书</source>
   <translation>Consent</translation>
  </message>
  <message>
   <source>已经有的</source>
   <translation>Here already</translation>
  </message>
  <message>
   <source>没有要交的材料。</source>
   <translation>No materials are needed.</translation>
  </message>
  <message>
   <source>点一下就到那里，填完自动回来</source>
   <translation>Touch one to go there; afterwards you are back here</translation>
  </message>
  <message>
   <source>该填的都填了，该选的都选了。</source>
   <translation>All fields and choices are there.</translation>
  </message>
  <message>
   <source>身份证</source>
   <translation>ID card</translation>
  </message>
  <message>
   <source>还差 {count} 处</source>
   <translation>{count} things missing</translation>
  </message>
  <message>
   <source>还没有选怎么交，没带可以选“以后补交”。</source>
   <translation>No choice yet; what is not here can be brought later.</translation>
  </message>
  <message>
   <source>这件事一般是给这样的人办的：{who}。您仍然可以交，由部门审核。</source>
   <translation>This is usually for: {who}. You may still hand it in; the department decides.</translation>
  </message>
  <message>
   <source>都齐了</source>
   <translation>All complete</translation>
  </message>
 </context>
 <context>
  <name>CheckWords</name>
  <message>
   <source>不能早于今天。</source>
   <translation>Not earlier than today.</translation>
  </message>
  <message>
   <source>不能晚于今天。</source>
   <translation>Not later than today.</translation>
  </message>
  <message>
   <source>代办人和申请人是同一个人。</source>
   <translation>Agent and applicant are the same person.</translation>
  </message>
  <message>
   <source>写法不对，请再看一下。</source>
   <translation>This is not written correctly, please look again.</translation>
  </message>
  <message>
   <source>出生日期和身份证号码对不上。</source>
   <translation>The date of birth does not match the ID number.</translation>
  </message>
  <message>
   <source>前面说有 {stated} 口人，这里写了 {listed} 个。</source>
   <translation>You said {stated} people; {listed} are listed here.</translation>
  </message>
  <message>
   <source>和身份证上的不一样。</source>
   <translation>Not the same as on the ID card.</translation>
  </message>
  <message>
   <source>开始日期要在结束日期前面。</source>
   <translation>The first day must be before the last.</translation>
  </message>
  <message>
   <source>性别和身份证号码对不上。</source>
   <translation>The sex does not match the ID number.</translation>
  </message>
  <message>
   <source>最多写 {most} 个字。</source>
   <translation>Write at most {most} characters.</translation>
  </message>
  <message>
   <source>没有这一天，请再看一下。</source>
   <translation>There is no such day, please look again.</translation>
  </message>
  <message>
   <source>电话号码不对。手机号是11位；没有手机，点“我没有手机”。</source>
   <translation>The phone number is wrong. A mobile number has 11 digits; without a phone, touch “I have no mobile phone”.</translation>
  </message>
  <message>
   <source>至少写 {least} 个字。</source>
   <translation>Write at least {least} characters.</translation>
  </message>
  <message>
   <source>请从列出的里面选一个。</source>
   <translation>Please choose one of the list.</translation>
  </message>
  <message>
   <source>请填数字。</source>
   <translation>Please enter a number.</translation>
  </message>
  <message>
   <source>还没有扫。</source>
   <translation>Not scanned yet.</translation>
  </message>
  <message>
   <source>这个人前面已经写过了。</source>
   <translation>This person is already in a line above.</translation>
  </message>
  <message>
   <source>这个数太大了。</source>
   <translation>The number is too large.</translation>
  </message>
  <message>
   <source>这个数太小了。</source>
   <translation>The number is too small.</translation>
  </message>
  <message>
   <source>这里还没有填。</source>
   <translation>Nothing filled in here yet.</translation>
  </message>
 </context>
 <context>
  <name>ChoicesEditor</name>
  <message>
   <source>可以选好几个</source>
   <translation>You may choose several</translation>
  </message>
 </context>
 <context>
  <name>ChoosePage</name>
  <message>
   <source> 等</source>
   <translation> …</translation>
  </message>
  <message>
   <source>{count} 件</source>
   <translation>{count}</translation>
  </message>
  <message>
   <source>、</source>
   <translation>, </translation>
  </message>
  <message>
   <source>办哪件事？</source>
   <translation>Which service?</translation>
  </message>
  <message>
   <source>找到要办的事，点它。先看指南，再决定办不办，不用先放身份证。</source>
   <translation>Touch what you came for. You read the guide first and decide then; no card is needed yet.</translation>
  </message>
  <message>
   <source>拼音首字母</source>
   <translation>By initials</translation>
  </message>
  <message>
   <source>按办事的部门来找</source>
   <translation>By the office in charge</translation>
  </message>
  <message>
   <source>按生活事</source>
   <translation>By life event</translation>
  </message>
  <message>
   <source>按生活里的事来找</source>
   <translation>By what happens in life</translation>
  </message>
  <message>
   <source>按部门</source>
   <translation>By office</translation>
  </message>
  <message>
   <source>没有这样的事。删一个字母再试，或者叫工作人员。</source>
   <translation>Nothing like that. Delete a letter and try again, or call staff.</translation>
  </message>
  <message>
   <source>点名字的首字母，比如“低保”点 D、B</source>
   <translation>Touch the first letters of its Chinese name: D, B for dibao</translation>
  </message>
  <message>
   <source>首字母：{letters}</source>
   <translation>Initials: {letters}</translation>
  </message>
 </context>
 <context>
  <name>ComplaintPage</name>
  <message>
   <source>{number} 政务服务热线，随时能打</source>
   <translation>{number}, the government hotline, at any time</translation>
  </message>
  <message>
   <source>不用留名字。想要回音，就写上电话。</source>
   <translation>No name needed. If you want an answer, leave a number.</translation>
  </message>
  <message>
   <source>也可以打电话</source>
   <translation>Or call</translation>
  </message>
  <message>
   <source>交上去</source>
   <translation>Send it</translation>
  </message>
  <message>
   <source>好的坏的都可以说，会转给管这件事的部门</source>
   <translation>Good or bad, it goes to the office in charge</translation>
  </message>
  <message>
   <source>您想说什么？</source>
   <translation>What would you like to say?</translation>
  </message>
  <message>
   <source>您想说的话</source>
   <translation>What you want to say</translation>
  </message>
  <message>
   <source>本服务点 {phone}</source>
   <translation>This service point: {phone}</translation>
  </message>
  <message>
   <source>比如：等得太久、说得不清楚、帮了大忙。</source>
   <translation>For instance: a long wait, unclear words, or a great help.</translation>
  </message>
  <message>
   <source>还能写 {count} 个字</source>
   <translation>{count} characters left</translation>
  </message>
 </context>
 <context>
  <name>DateEditor</name>
  <message>
   <source>{number}年</source>
   <translation>{number}</translation>
  </message>
  <message>
   <source>{number}日</source>
   <translation>{number}</translation>
  </message>
  <message>
   <source>{number}月</source>
   <translation>Month {number}</translation>
  </message>
  <message>
   <source>从</source>
   <translation>From</translation>
  </message>
  <message>
   <source>到</source>
   <translation>To</translation>
  </message>
 </context>
 <context>
  <name>Days</name>
  <message>
   <source>{month}月</source>
   <translation>Month {month}</translation>
  </message>
  <message>
   <source>{year}年代</source>
   <translation>{year}s</translation>
  </message>
  <message>
   <source>一年一年选</source>
   <translation>Year by year</translation>
  </message>
  <message>
   <source>按年代选</source>
   <translation>By decades</translation>
  </message>
  <message>
   <source>更早</source>
   <translation>Earlier</translation>
  </message>
  <message>
   <source>更晚</source>
   <translation>Later</translation>
  </message>
 </context>
 <context>
  <name>DeskPage</name>
  <message>
   <source>U盘收发</source>
   <translation>USB stick</translation>
  </message>
  <message>
   <source>回去</source>
   <translation>Go back</translation>
  </message>
  <message>
   <source>好不好用，试一试</source>
   <translation>Do they work? Try them</translation>
  </message>
  <message>
   <source>居民填的都留着，回去接着办</source>
   <translation>What the resident filled in is kept</translation>
  </message>
  <message>
   <source>工作台</source>
   <translation>Desk</translation>
  </message>
  <message>
   <source>扫一下就登记，不用重填</source>
   <translation>Registered by a scan, without filling in again</translation>
  </message>
  <message>
   <source>扫描纸质申请表</source>
   <translation>Scan forms on paper</translation>
  </message>
  <message>
   <source>正在联系平台……</source>
   <translation>Calling the platform…</translation>
  </message>
  <message>
   <source>没有网时，带走申请，带回回执</source>
   <translation>Without a network: applications out, receipts back</translation>
  </message>
  <message>
   <source>现在就上报</source>
   <translation>Send now</translation>
  </message>
  <message>
   <source>设备</source>
   <translation>Devices</translation>
  </message>
 </context>
 <context>
  <name>Devices</name>
  <message>
   <source>关掉再打开；还不行，请打维修电话。</source>
   <translation>Switch it off and on; if that does not help, call service.</translation>
  </message>
  <message>
   <source>卡纸了</source>
   <translation>Paper jam</translation>
  </message>
  <message>
   <source>卡纸了。</source>
   <translation>Paper jam.</translation>
  </message>
  <message>
   <source>小票打印机</source>
   <translation>Receipt printer</translation>
  </message>
  <message>
   <source>念一句试试</source>
   <translation>Try a sentence</translation>
  </message>
  <message>
   <source>念了一句。没听见，请看音量和喇叭。</source>
   <translation>A sentence was spoken. Not heard? Check volume and speaker.</translation>
  </message>
  <message>
   <source>打一张试试</source>
   <translation>Try printing one</translation>
  </message>
  <message>
   <source>打印机</source>
   <translation>Printer</translation>
  </message>
  <message>
   <source>打好了，请看纸。</source>
   <translation>Printed: look at the paper.</translation>
  </message>
  <message>
   <source>打开盖子，慢慢抽出卡住的纸，再盖好。</source>
   <translation>Open the cover, pull the paper out slowly, close it.</translation>
  </message>
  <message>
   <source>扫一页试试</source>
   <translation>Try scanning a page</translation>
  </message>
  <message>
   <source>扫到 {count} 页，没有存。</source>
   <translation>{count} pages scanned, none kept.</translation>
  </message>
  <message>
   <source>扫描仪</source>
   <translation>Scanner</translation>
  </message>
  <message>
   <source>扫描仪里没有纸。</source>
   <translation>No paper in the scanner.</translation>
  </message>
  <message>
   <source>扫码器</source>
   <translation>Code scanner</translation>
  </message>
  <message>
   <source>把盖子盖严，听到响声。</source>
   <translation>Close the cover until it clicks.</translation>
  </message>
  <message>
   <source>拍一张试试</source>
   <translation>Try taking a picture</translation>
  </message>
  <message>
   <source>拍到了，没有存。</source>
   <translation>A picture was taken, and not kept.</translation>
  </message>
  <message>
   <source>摄像头</source>
   <translation>Camera</translation>
  </message>
  <message>
   <source>有毛病</source>
   <translation>Out of order</translation>
  </message>
  <message>
   <source>朗读</source>
   <translation>Read aloud</translation>
  </message>
  <message>
   <source>正在用</source>
   <translation>In use</translation>
  </message>
  <message>
   <source>正在试……</source>
   <translation>Trying…</translation>
  </message>
  <message>
   <source>正常</source>
   <translation>Working</translation>
  </message>
  <message>
   <source>没接上</source>
   <translation>Not connected</translation>
  </message>
  <message>
   <source>没有卡。请先放上卡，再点试试。</source>
   <translation>No card. Put a card on it first.</translation>
  </message>
  <message>
   <source>没有成（{code}）。</source>
   <translation>It did not work ({code}).</translation>
  </message>
  <message>
   <source>没纸了</source>
   <translation>No paper</translation>
  </message>
  <message>
   <source>没纸了。</source>
   <translation>No paper.</translation>
  </message>
  <message>
   <source>盖子开着</source>
   <translation>Cover open</translation>
  </message>
  <message>
   <source>盖子开着。</source>
   <translation>The cover is open.</translation>
  </message>
  <message>
   <source>看看电源开了没有，线插紧了没有。接好了会自己认出来。</source>
   <translation>Check power and cable. Once connected it is found by itself.</translation>
  </message>
  <message>
   <source>社保卡读卡器</source>
   <translation>Social-security card reader</translation>
  </message>
  <message>
   <source>纸快没了</source>
   <translation>Paper nearly out</translation>
  </message>
  <message>
   <source>请放纸，没打出来的可以再打一次。</source>
   <translation>Put in paper; what failed can be printed again.</translation>
  </message>
  <message>
   <source>读一张卡试试</source>
   <translation>Try reading a card</translation>
  </message>
  <message>
   <source>读到了：{name}</source>
   <translation>Read: {name}</translation>
  </message>
  <message>
   <source>身份证读卡器</source>
   <translation>ID card reader</translation>
  </message>
  <message>
   <source>还能打，请备好纸。</source>
   <translation>It still prints; have paper at hand.</translation>
  </message>
 </context>
 <context>
  <name>DevicesPage</name>
  <message>
   <source>点一下就试一试，不会存下来。拔了再插会自己认出来，不用重启</source>
   <translation>Touch one to try it; nothing is kept. Unplugged devices are found again by themselves</translation>
  </message>
  <message>
   <source>看好了</source>
   <translation>Done</translation>
  </message>
  <message>
   <source>设备怎么样？</source>
   <translation>How are the devices?</translation>
  </message>
  <message>
   <source>这台机器没有接设备。</source>
   <translation>No devices are connected to this machine.</translation>
  </message>
 </context>
 <context>
  <name>Dialog</name>
  <message>
   <source>{seconds} 秒</source>
   <translation>{seconds} s</translation>
  </message>
 </context>
 <context>
  <name>DonePage</name>
  <message>
   <source>{papers}都打好了，请取走</source>
   <translation>Printed: {papers}. Please take them</translation>
  </message>
  <message>
   <source>{why}，没打出来的有：{papers}</source>
   <translation>{why}. Not printed: {papers}</translation>
  </message>
  <message>
   <source>{year}年{month}月{day}日</source>
   <translation>{year}-{month}-{day}</translation>
  </message>
  <message>
   <source>、</source>
   <translation>, </translation>
  </message>
  <message>
   <source>从头到尾就认这一个编号，可以拍下来</source>
   <translation>This one code serves from start to end; you may photograph it</translation>
  </message>
  <message>
   <source>再打一张</source>
   <translation>Print again</translation>
  </message>
  <message>
   <source>再试一次打印</source>
   <translation>Try printing again</translation>
  </message>
  <message>
   <source>办完了</source>
   <translation>Done</translation>
  </message>
  <message>
   <source>受理了当时就办</source>
   <translation>Done at once on acceptance</translation>
  </message>
  <message>
   <source>受理后 {limit}内办好</source>
   <translation>Done within {limit} of acceptance</translation>
  </message>
  <message>
   <source>已登记，已送到</source>
   <translation>Registered and delivered</translation>
  </message>
  <message>
   <source>已登记，等待上报</source>
   <translation>Registered, waiting to be sent</translation>
  </message>
  <message>
   <source>您的申请已经登记好，一样都没丢。请拍下编号，或者叫工作人员来看打印机。</source>
   <translation>Your application is registered, nothing is lost. Photograph the code, or ask staff to look at the printer.</translation>
  </message>
  <message>
   <source>您的编号</source>
   <translation>Your code</translation>
  </message>
  <message>
   <source>打好了从下面取走。不想等也可以，编号记下就行。</source>
   <translation>Take them below when they come. No need to wait, the code is enough.</translation>
  </message>
  <message>
   <source>有网后自动上报，不用您再来。</source>
   <translation>Sent by itself when the network is back; no need to return.</translation>
  </message>
  <message>
   <source>查进度：在这里放身份证，或打 12345 报编号</source>
   <translation>Look it up: lay your card down here, or call 12345 with the code</translation>
  </message>
  <message>
   <source>正在上报，不用等。</source>
   <translation>Being sent; no need to wait.</translation>
  </message>
  <message>
   <source>正在打印{papers}</source>
   <translation>Printing: {papers}</translation>
  </message>
  <message>
   <source>没拿到？可以再打一张。</source>
   <translation>Did not get it? Print again.</translation>
  </message>
  <message>
   <source>登记日期 {day}，从这天算起</source>
   <translation>Registered on {day}, which is the day that counts</translation>
  </message>
  <message>
   <source>部门收到了，还没有受理。受理了能在这里查到。</source>
   <translation>The department has it; it is not accepted yet. You can look it up here.</translation>
  </message>
  <message>
   <source>，约 {month}月{day}日</source>
   <translation>, about {month}-{day}</translation>
  </message>
 </context>
 <context>
  <name>FieldBoard</name>
  <message>
   <source>{label}（可以不填）</source>
   <translation>{label} (optional)</translation>
  </message>
  <message>
   <source>{start}……（共 {count} 个字）</source>
   <translation>{start}… ({count} characters in all)</translation>
  </message>
  <message>
   <source>填</source>
   <translation>Fill in</translation>
  </message>
  <message>
   <source>改</source>
   <translation>Change</translation>
  </message>
  <message>
   <source>第 {n} 项，共 {count} 项</source>
   <translation>No. {n} of {count}</translation>
  </message>
  <message>
   <source>还没填</source>
   <translation>Not filled in yet</translation>
  </message>
  <message>
   <source>这些是从身份证上读的，不用填。有不对的，请叫工作人员。</source>
   <translation>This was read from the ID card. If something is wrong, please call staff.</translation>
  </message>
  <message>
   <source>都填好了。要改哪一项，点它右边的“改”。</source>
   <translation>All filled in. To change something, touch “Change” beside it.</translation>
  </message>
 </context>
 <context>
  <name>FormPage</name>
  <message>
   <source>{what}：第 {n} 行</source>
   <translation>{what}: line {n}</translation>
  </message>
  <message>
   <source>下一步</source>
   <translation>Next</translation>
  </message>
  <message>
   <source>填好了还可以改，点那一行的“改”就行。</source>
   <translation>You can still change it: touch “Change” in its line.</translation>
  </message>
  <message>
   <source>身份证上读来的不用填。不对的话，请叫工作人员。</source>
   <translation>What was read from the card need not be filled in. If it is wrong, please call staff.</translation>
  </message>
  <message>
   <source>这一行填好了</source>
   <translation>This line is done</translation>
  </message>
 </context>
 <context>
  <name>Guide</name>
  <message>
   <source>{levels}的服务点都收。</source>
   <translation>Taken in at service points of: {levels}.</translation>
  </message>
  <message>
   <source>{name}。{days}办好。{fee}。要带：{materials}。</source>
   <translation>{name}. Time: {days}. Fee: {fee}. Bring: {materials}. </translation>
  </message>
  <message>
   <source>{title}（接上）</source>
   <translation>{title} (continued)</translation>
  </message>
  <message>
   <source>、</source>
   <translation>, </translation>
  </message>
  <message>
   <source>不收钱</source>
   <translation>Free</translation>
  </message>
  <message>
   <source>不满意，找谁</source>
   <translation>Not satisfied?</translation>
  </message>
  <message>
   <source>什么都不用带</source>
   <translation>Nothing to bring</translation>
  </message>
  <message>
   <source>任何人不得收费</source>
   <translation>Nobody may charge you</translation>
  </message>
  <message>
   <source>依据</source>
   <translation>Legal basis</translation>
  </message>
  <message>
   <source>先在这里登记，缺的材料以后补交，不用重新填。</source>
   <translation>Register here now; hand in what is missing later without starting over.</translation>
  </message>
  <message>
   <source>办好，法定 {limit}</source>
   <translation>promised; by law {limit}</translation>
  </message>
  <message>
   <source>办理步骤</source>
   <translation>Steps</translation>
  </message>
  <message>
   <source>即办件</source>
   <translation>done at once</translation>
  </message>
  <message>
   <source>另有 {count} 样有才带，见“带什么”。</source>
   <translation>{count} more only if you have them: see “Bring”.</translation>
  </message>
  <message>
   <source>在哪里办</source>
   <translation>Where</translation>
  </message>
  <message>
   <source>基本编码 {code}</source>
   <translation>Base code {code}</translation>
  </message>
  <message>
   <source>多少钱</source>
   <translation>How much</translation>
  </message>
  <message>
   <source>实施编码 {code}</source>
   <translation>Implementation code {code}</translation>
  </message>
  <message>
   <source>家里人可以代办，要带两个人的身份证。</source>
   <translation>Family may apply for you, with both ID cards.</translation>
  </message>
  <message>
   <source>承诺 {promised}，法定 {statutory}，从受理那天算起。</source>
   <translation>Promised {promised}, by law {statutory}, from the day of acceptance.</translation>
  </message>
  <message>
   <source>承诺件</source>
   <translation>done within the promised time</translation>
  </message>
  <message>
   <source>未成年人由监护人来办。</source>
   <translation>For minors, the guardian applies.</translation>
  </message>
  <message>
   <source>本地编码 {code}</source>
   <translation>Local code {code}</translation>
  </message>
  <message>
   <source>没网也能办：先在这台机器登记，有网后自动上报。</source>
   <translation>Works without network: registered here, sent by itself later.</translation>
  </message>
  <message>
   <source>版本 {version}，{day} 起用</source>
   <translation>Version {version}, in force from {day}</translation>
  </message>
  <message>
   <source>电话 {phone}</source>
   <translation>Phone {phone}</translation>
  </message>
  <message>
   <source>要多久</source>
   <translation>How long</translation>
  </message>
  <message>
   <source>要带什么</source>
   <translation>What to bring</translation>
  </message>
  <message>
   <source>要联网核对身份。没网时先填好存着，有网再提交。</source>
   <translation>Your identity is checked online. Without network, fill in and keep it; hand in later.</translation>
  </message>
  <message>
   <source>谁来办</source>
   <translation>Who decides</translation>
  </message>
  <message>
   <source>谁能办</source>
   <translation>Who may apply</translation>
  </message>
  <message>
   <source>费用</source>
   <translation>Fee</translation>
  </message>
  <message>
   <source>这件事要到窗口办。这里可以打印清单和空白表，去之前备好。</source>
   <translation>This is done at the counter. Print the list and the blank form here to prepare.</translation>
  </message>
  <message>
   <source>这份指南</source>
   <translation>This guide</translation>
  </message>
  <message>
   <source>（以原文为准）</source>
   <translation> (see the original)</translation>
  </message>
  <message>
   <source>（有才带）</source>
   <translation> (if you have it)</translation>
  </message>
 </context>
 <context>
  <name>GuidePage</name>
  <message>
   <source>{department} · 指南版本 {version}</source>
   <translation>{department} · guide {version}</translation>
  </message>
  <message>
   <source>依据投诉</source>
   <translation>Law</translation>
  </message>
  <message>
   <source>带什么</source>
   <translation>Bring</translation>
  </message>
  <message>
   <source>带回家看</source>
   <translation>Take it home</translation>
  </message>
  <message>
   <source>开始办理</source>
   <translation>Begin</translation>
  </message>
  <message>
   <source>怎么办</source>
   <translation>How</translation>
  </message>
  <message>
   <source>打印材料清单</source>
   <translation>Print the list</translation>
  </message>
  <message>
   <source>打印清单带走</source>
   <translation>Print the list</translation>
  </message>
  <message>
   <source>打印空白表</source>
   <translation>Print blank form</translation>
  </message>
  <message>
   <source>清单和空白表可以打印带走，不要钱。纸质材料一样收，没有手机也能办。</source>
   <translation>List and blank form can be printed free of charge. Paper is accepted just the same; no phone is needed.</translation>
  </message>
  <message>
   <source>要点</source>
   <translation>Overview</translation>
  </message>
 </context>
 <context>
  <name>HeldCard</name>
  <message>
   <source>填了没交，会怎样</source>
   <translation>If it is not handed in today</translation>
  </message>
  <message>
   <source>填好的加密存在这台机器上。换了新证，放在这里，接着办。</source>
   <translation>What you fill in is kept encrypted on this machine. With the new card you go on from there.</translation>
  </message>
  <message>
   <source>放上来的身份证</source>
   <translation>The card on the reader</translation>
  </message>
  <message>
   <source>有效期：{first} 到 {last}</source>
   <translation>Valid: {first} to {last}</translation>
  </message>
  <message>
   <source>长期</source>
   <translation>no end</translation>
  </message>
 </context>
 <context>
  <name>HelpPanel</name>
  <message>
   <source>也可以打 {phone}</source>
   <translation>Or call {phone}</translation>
  </message>
  <message>
   <source>点下面的“叫工作人员”，有人来帮您。</source>
   <translation>Touch “Call staff” below and somebody will come.</translation>
  </message>
  <message>
   <source>要人帮忙？</source>
   <translation>Need a hand?</translation>
  </message>
  <message>
   <source>这一步</source>
   <translation>This step</translation>
  </message>
 </context>
 <context>
  <name>HomePage</name>
  <message>
   <source>不会用、看不清、有话要问</source>
   <translation>Can't use it, can't read it, have a question</translation>
  </message>
  <message>
   <source>办事</source>
   <translation>Apply</translation>
  </message>
  <message>
   <source>办事指南</source>
   <translation>Guides</translation>
  </message>
  <message>
   <source>您要做什么？</source>
   <translation>What would you like to do?</translation>
  </message>
  <message>
   <source>您要做什么？办事、查进度、看指南、打印、评价和投诉，都在这里。要人帮忙，就点叫工作人员。</source>
   <translation>What would you like to do? Apply, track, read guides, print, or give feedback. For help, touch Call staff.</translation>
  </message>
  <message>
   <source>打印</source>
   <translation>Print</translation>
  </message>
  <message>
   <source>找人帮忙</source>
   <translation>Find a person</translation>
  </message>
  <message>
   <source>放身份证，或输 12 位编号</source>
   <translation>By ID card or 12-digit number</translation>
  </message>
  <message>
   <source>查进度</source>
   <translation>Track</translation>
  </message>
  <message>
   <source>清单、空白表、回执</source>
   <translation>Lists, blank forms, receipts</translation>
  </message>
  <message>
   <source>申请、登记、认证，{count} 件事</source>
   <translation>Apply, register, confirm: {count} services</translation>
  </message>
  <message>
   <source>要带什么、多久、多少钱</source>
   <translation>What to bring, how long, what it costs</translation>
  </message>
  <message>
   <source>评价和投诉</source>
   <translation>Feedback</translation>
  </message>
  <message>
   <source>说句话，有回音</source>
   <translation>Tell us, and hear back</translation>
  </message>
 </context>
 <context>
  <name>IdentityEntry</name>
  <message>
   <source>公民身份号码</source>
   <translation>ID number</translation>
  </message>
  <message>
   <source>姓名</source>
   <translation>Name</translation>
  </message>
  <message>
   <source>户籍地址</source>
   <translation>Registered address</translation>
  </message>
  <message>
   <source>民族</source>
   <translation>Ethnic group</translation>
  </message>
 </context>
 <context>
  <name>Item</name>
  <message>
   <source>{count} 趟</source>
   <translation>{count} trips</translation>
  </message>
  <message>
   <source>{days} 个工作日</source>
   <translation>{days} working days</translation>
  </message>
  <message>
   <source>{days} 天</source>
   <translation>{days} days</translation>
  </message>
  <message>
   <source>、</source>
   <translation>, </translation>
  </message>
  <message>
   <source>不用再跑别处</source>
   <translation>No other office to visit</translation>
  </message>
  <message>
   <source>乡镇</source>
   <translation>town</translation>
  </message>
  <message>
   <source>先登记后补交</source>
   <translation>Register first</translation>
  </message>
  <message>
   <source>县</source>
   <translation>county</translation>
  </message>
  <message>
   <source>只打印指南</source>
   <translation>Guide only</translation>
  </message>
  <message>
   <source>在这里办完</source>
   <translation>Done here</translation>
  </message>
  <message>
   <source>在这里填好，机器帮您打印</source>
   <translation>Filled in here; the machine prints it</translation>
  </message>
  <message>
   <source>在这里或手机上办，也可以拿纸质材料到窗口办</source>
   <translation>Here, by phone, or on paper at the counter.</translation>
  </message>
  <message>
   <source>在这里拍照，也可以以后补交</source>
   <translation>Scanned here, or handed in later</translation>
  </message>
  <message>
   <source>市</source>
   <translation>city</translation>
  </message>
  <message>
   <source>带原件，看一下就还您</source>
   <translation>Bring the original; you get it right back</translation>
  </message>
  <message>
   <source>当场办</source>
   <translation>At once</translation>
  </message>
  <message>
   <source>拿纸质材料到窗口办，这里帮您备好表和清单</source>
   <translation>On paper at the counter; the forms and list can be prepared here.</translation>
  </message>
  <message>
   <source>放在机器上读一下，不用复印</source>
   <translation>Read by this machine; no copy needed</translation>
  </message>
  <message>
   <source>有些能从电子证照取得；取不到就在这里拍照</source>
   <translation>Partly from e-certificates; else scanned here</translation>
  </message>
  <message>
   <source>有电子证照可用，您同意就不用带</source>
   <translation>Taken from e-certificates if you agree</translation>
  </message>
  <message>
   <source>村</source>
   <translation>village</translation>
  </message>
  <message>
   <source>省</source>
   <translation>province</translation>
  </message>
  <message>
   <source>纸上签名，在这里扫描</source>
   <translation>Signed on paper, scanned here</translation>
  </message>
  <message>
   <source>线上线下都能办，用纸的也一样收</source>
   <translation>Online or on paper; paper is accepted just the same.</translation>
  </message>
  <message>
   <source>要去窗口的次数</source>
   <translation>Visits to a counter</translation>
  </message>
  <message>
   <source>要有网络</source>
   <translation>Needs network</translation>
  </message>
  <message>
   <source>（{count} 份）</source>
   <translation> ({count} copies)</translation>
  </message>
 </context>
 <context>
  <name>Keypad</name>
  <message>
   <source>删一个</source>
   <translation>Delete one</translation>
  </message>
  <message>
   <source>清空</source>
   <translation>Clear</translation>
  </message>
 </context>
 <context>
  <name>Kiosk</name>
  <message>
   <source>屏幕刚才断了一下，现在好了</source>
   <translation>The screen broke off for a moment. It works again.</translation>
  </message>
  <message>
   <source>您的证还在感应区上。屏幕上的内容已经清掉了。</source>
   <translation>Your card is still on the reader. The screen has been cleared.</translation>
  </message>
  <message>
   <source>知道了</source>
   <translation>All right</translation>
  </message>
  <message>
   <source>请从头再来一次。选过“保留”的，放上身份证就能接着填；已经登记的，在“查进度”里看得到。</source>
   <translation>Please begin again. If you chose to keep your answers, lay your ID card down to go on. What was already registered is shown under Progress.</translation>
  </message>
  <message>
   <source>请拿好身份证和打印的纸</source>
   <translation>Please take your ID card and the printed papers</translation>
  </message>
 </context>
 <context>
  <name>LetterPad</name>
  <message>
   <source>删一个</source>
   <translation>Delete one</translation>
  </message>
 </context>
 <context>
  <name>Materials</name>
  <message>
   <source>不需要</source>
   <translation>Not needed</translation>
  </message>
  <message>
   <source>以后补交</source>
   <translation>Bring it later</translation>
  </message>
  <message>
   <source>原件</source>
   <translation>Original</translation>
  </message>
  <message>
   <source>工作人员看过原件</source>
   <translation>Staff have seen the original</translation>
  </message>
  <message>
   <source>已经读过，不用复印</source>
   <translation>Already read, no copy needed</translation>
  </message>
  <message>
   <source>扫了 {count} 页</source>
   <translation>{count} pages scanned</translation>
  </message>
  <message>
   <source>扫描</source>
   <translation>Scanned</translation>
  </message>
  <message>
   <source>有就交，没有就选“不需要”</source>
   <translation>Give it if you have it, otherwise choose “Not needed”</translation>
  </message>
  <message>
   <source>本机打印</source>
   <translation>Printed here</translation>
  </message>
  <message>
   <source>机器打印，您签字就行</source>
   <translation>Printed here, you only sign</translation>
  </message>
  <message>
   <source>用电子证照，您已同意</source>
   <translation>Electronic certificate, with your consent</translation>
  </message>
  <message>
   <source>电子证照</source>
   <translation>Certificate</translation>
  </message>
  <message>
   <source>请选怎么交</source>
   <translation>Please choose how to give it</translation>
  </message>
 </context>
 <context>
  <name>MaterialsPage</name>
  <message>
   <source>下一步</source>
   <translation>Next</translation>
  </message>
  <message>
   <source>不用再交</source>
   <translation>Nothing more to give</translation>
  </message>
  <message>
   <source>不需要</source>
   <translation>Not needed</translation>
  </message>
  <message>
   <source>今天先登记，以后送来或者再来扫</source>
   <translation>Register today, bring or scan it later</translation>
  </message>
  <message>
   <source>以后补交</source>
   <translation>Bring it later</translation>
  </message>
  <message>
   <source>再扫一页</source>
   <translation>Scan another page</translation>
  </message>
  <message>
   <source>再拍一页</source>
   <translation>Take another page</translation>
  </message>
  <message>
   <source>填好的内容打出来，您签字</source>
   <translation>What you filled in is printed; you sign</translation>
  </message>
  <message>
   <source>好了</source>
   <translation>Done</translation>
  </message>
  <message>
   <source>工作人员看过原件</source>
   <translation>Staff have seen the original</translation>
  </message>
  <message>
   <source>已经读过身份证</source>
   <translation>ID card already read</translation>
  </message>
  <message>
   <source>扫描的时候，把纸放平，一次一页。原件扫完就还给您，机器不留纸。</source>
   <translation>Lay the paper flat, one page at a time. You get the original back at once.</translation>
  </message>
  <message>
   <source>放在摄像头下面，机器自己裁正</source>
   <translation>Put it under the camera; the machine straightens it</translation>
  </message>
  <message>
   <source>机器打印</source>
   <translation>Printed here</translation>
  </message>
  <message>
   <source>材料怎么交？</source>
   <translation>How will you give the materials?</translation>
  </message>
  <message>
   <source>正面朝下放在玻璃上，盖好盖子再点这里</source>
   <translation>Face down on the glass, close the lid, then touch here</translation>
  </message>
  <message>
   <source>没带也不要紧，可以以后补交</source>
   <translation>Not here today? Bring them later</translation>
  </message>
  <message>
   <source>没有这份材料，或者用不上</source>
   <translation>I don't have it, or it does not apply</translation>
  </message>
  <message>
   <source>点这里就是同意办事部门查您的这份电子证照</source>
   <translation>Touching this lets the department look up this certificate</translation>
  </message>
  <message>
   <source>现在扫描</source>
   <translation>Scan now</translation>
  </message>
  <message>
   <source>现在拍照</source>
   <translation>Take a picture now</translation>
  </message>
  <message>
   <source>现在网络不通，取不了电子证照</source>
   <translation>The network is down, certificates cannot be fetched</translation>
  </message>
  <message>
   <source>用电子证照</source>
   <translation>Use the electronic certificate</translation>
  </message>
  <message>
   <source>看完就还</source>
   <translation>You get it back at once</translation>
  </message>
  <message>
   <source>看情况</source>
   <translation>If any</translation>
  </message>
  <message>
   <source>要选</source>
   <translation>Choose</translation>
  </message>
  <message>
   <source>请选一种交法。</source>
   <translation>Please choose a way.</translation>
  </message>
  <message>
   <source>选好了</source>
   <translation>That's it</translation>
  </message>
 </context>
 <context>
  <name>Messages</name>
  <message>
   <source>上次填的都在，请接着办。</source>
   <translation>All from last time is here, please go on.</translation>
  </message>
  <message>
   <source>不满18岁，要监护人同意。请监护人放上身份证。</source>
   <translation>Under 18 a guardian must agree. Please lay down the guardian's card.</translation>
  </message>
  <message>
   <source>不满8岁的孩子，要由爸爸妈妈或其他监护人来办。请监护人放上身份证。</source>
   <translation>For a child under 8 a parent or other guardian applies. Please lay down the guardian's card.</translation>
  </message>
  <message>
   <source>卡拿走了。请再插一次。</source>
   <translation>The card was taken out. Please put it in again.</translation>
  </message>
  <message>
   <source>卡没有反应。请拔出来再插一次，或者叫工作人员。</source>
   <translation>The card does not answer. Take it out and put it in again, or call staff.</translation>
  </message>
  <message>
   <source>卡没有读成。请拔出来再插一次，或者用名字和密码解锁。</source>
   <translation>The card was not read. Please put it in again, or unlock with your name and number.</translation>
  </message>
  <message>
   <source>卡的密码不对，还可以试 {remaining} 次。</source>
   <translation>The card's number is wrong; {remaining} tries are left.</translation>
  </message>
  <message>
   <source>名字或密码不对，还可以试 {remaining} 次。</source>
   <translation>Name or number is wrong; {remaining} more tries.</translation>
  </message>
  <message>
   <source>四个角对不上。请把圆点拖到纸的四个角上。</source>
   <translation>The corners make no page. Please drag the dots onto the paper's corners.</translation>
  </message>
  <message>
   <source>已经收下了，会转给负责的部门。</source>
   <translation>Received; it goes to the department in charge.</translation>
  </message>
  <message>
   <source>扫描仪卡纸了。请叫工作人员取出来再扫，或者选“以后补交”。</source>
   <translation>Paper is jammed in the scanner. Call staff to take it out and scan again, or choose “Bring it later”.</translation>
  </message>
  <message>
   <source>扫描仪正在用。请等一下再扫，或者选“以后补交”。</source>
   <translation>The scanner is busy. Wait a moment and scan again, or choose “Bring it later”.</translation>
  </message>
  <message>
   <source>扫描仪没接上。可以选“以后补交”，不耽误申请。</source>
   <translation>The scanner is not connected. Choose “Bring it later”; your application does not wait for it.</translation>
  </message>
  <message>
   <source>扫描仪的盖子没盖好。请盖上再扫一次。</source>
   <translation>The scanner’s cover is open. Close it and scan again.</translation>
  </message>
  <message>
   <source>扫描仪里没有纸。请放好再扫，或者选“以后补交”。</source>
   <translation>The scanner is empty. Lay the paper in, or choose “Bring it later”.</translation>
  </message>
  <message>
   <source>摄像头没有拍成。请再拍一次，或者选“以后补交”。</source>
   <translation>The picture was not taken. Please try again, or choose “Later”.</translation>
  </message>
  <message>
   <source>机器存满了，没有登记上，也没有打回执。填的都还在，请叫工作人员。</source>
   <translation>The machine is full: nothing was registered and no receipt printed. What you filled in is still here; please call staff.</translation>
  </message>
  <message>
   <source>机器的硬盘出了问题，没有登记上，也没有打回执。请叫工作人员。</source>
   <translation>The machine's disk failed: nothing was registered and no receipt printed. Please call staff.</translation>
  </message>
  <message>
   <source>标出来的地方还要填一下。</source>
   <translation>The marked places still need filling in.</translation>
  </message>
  <message>
   <source>没带身份证，要工作人员在场核对。请点“叫工作人员”。</source>
   <translation>Without a card staff must confirm who you are. Please touch “Call staff”.</translation>
  </message>
  <message>
   <source>没有扫上。请放平再扫一次，或者选“以后补交”。</source>
   <translation>Not scanned. Lay it flat and scan again, or choose “Bring it later”.</translation>
  </message>
  <message>
   <source>没有收集您的任何信息。可以打印空白表，用纸办，一样收。</source>
   <translation>Nothing about you was collected. You can print the blank form and apply on paper, it counts the same.</translation>
  </message>
  <message>
   <source>没有登记上。填的都还在，请叫工作人员看一下机器。</source>
   <translation>It was not registered. What you filled in is still here; please ask staff to look at the machine.</translation>
  </message>
  <message>
   <source>没有解锁。</source>
   <translation>Not unlocked.</translation>
  </message>
  <message>
   <source>监护人要年满18岁。</source>
   <translation>A guardian must be 18 or older.</translation>
  </message>
  <message>
   <source>编号不对，请对照回执再输一次。</source>
   <translation>The code is wrong. Compare with the receipt and type it again.</translation>
  </message>
  <message>
   <source>编号是12位数字，在回执上面。</source>
   <translation>The code has 12 digits; it is on the receipt.</translation>
  </message>
  <message>
   <source>编号里有一位不对，请对照回执再看一遍。</source>
   <translation>One digit of the code is wrong. Compare with the receipt again.</translation>
  </message>
  <message>
   <source>网络不通，这件事现在只能先填好存着。网络好了放同一张身份证，接着交。</source>
   <translation>The network is down: this can be filled in and kept for now. When it is back, lay down the same card and hand it in.</translation>
  </message>
  <message>
   <source>草稿这次没存上。请接着办完，先别离开。</source>
   <translation>The draft was not kept this time. Please finish before you leave.</translation>
  </message>
  <message>
   <source>请先在框里签上名字。</source>
   <translation>Please sign in the box first.</translation>
  </message>
  <message>
   <source>请先说说是什么事。</source>
   <translation>Please say first what it is about.</translation>
  </message>
  <message>
   <source>读卡器没有回应。可以点“没带身份证”，让工作人员帮您登记。</source>
   <translation>The reader does not answer. Touch “No card with me” and staff will register you.</translation>
  </message>
  <message>
   <source>身份证信息读得不对。请拿起来再放一次，或者叫工作人员。</source>
   <translation>The card was misread. Lift it and lay it down again, or call staff.</translation>
  </message>
  <message>
   <source>身份证没读出来。请拿起来再放一次，或者叫工作人员。</source>
   <translation>The card could not be read. Lift it and lay it down again, or call staff.</translation>
  </message>
  <message>
   <source>还有几处要补，点一下就能去改。</source>
   <translation>Some things are still missing; touch one to put it right.</translation>
  </message>
  <message>
   <source>还有材料没有选怎么交。没带来的，选“以后补交”就行。</source>
   <translation>Some materials have no answer yet. What is not here: choose “Bring it later”.</translation>
  </message>
  <message>
   <source>还要另一个人的身份证，或者请工作人员输入。</source>
   <translation>The other person's card is still needed, or ask staff to enter it.</translation>
  </message>
  <message>
   <source>这一步没有办成。请再试一次，或者叫工作人员。</source>
   <translation>This step did not work. Please try again, or call staff.</translation>
  </message>
  <message>
   <source>这一页太大了。请一页一页地扫。</source>
   <translation>This page is too large. Please scan page by page.</translation>
  </message>
  <message>
   <source>这一页没扫完整。请放平再扫一次。</source>
   <translation>This page is incomplete. Lay it flat and scan again.</translation>
  </message>
  <message>
   <source>这件事刚刚不在目录里了。请重新选一下。</source>
   <translation>This service has just left the list. Please choose again.</translation>
  </message>
  <message>
   <source>这件事要本人来办。</source>
   <translation>The applicant must come in person for this.</translation>
  </message>
  <message>
   <source>这件事要用纸办。可以在这里打印材料清单和空白表，带齐了去窗口，一样收。</source>
   <translation>This is done on paper. Print the list and the blank form here and take them to the counter.</translation>
  </message>
  <message>
   <source>这件事要联网才能办，现在网络不通。可以先打印材料清单，网络好了再来。</source>
   <translation>This needs the network, which is down. Print the list now and come back later.</translation>
  </message>
  <message>
   <source>这位已满18岁，请返回选“替别人办”。</source>
   <translation>This person is over 18. Go back and choose “For another person”.</translation>
  </message>
  <message>
   <source>这台机器上没有这个编号。请对照回执再输一次。</source>
   <translation>This machine does not know the code. Compare with the receipt and type it again.</translation>
  </message>
  <message>
   <source>这台机器存满了，现在不能登记申请。请叫工作人员。可以先看指南、打印清单。</source>
   <translation>This machine is full and cannot register applications. Please call staff. Guides and lists still work.</translation>
  </message>
  <message>
   <source>这台机器现在不能登记申请。可以先看指南、打印清单，或者叫工作人员。</source>
   <translation>This machine cannot register applications now. You can read guides, print lists, or call staff.</translation>
  </message>
  <message>
   <source>这台机器还没有接好平台，现在不能登记申请。请叫工作人员。</source>
   <translation>This machine is not connected to its platform yet and cannot register applications. Please call staff.</translation>
  </message>
  <message>
   <source>这和刚才是同一个人。请放另一个人的身份证。</source>
   <translation>This is the same person. Please lay down the other person's card.</translation>
  </message>
  <message>
   <source>这张卡没有在这台机器上登记。可以用名字和密码解锁。</source>
   <translation>This card is not registered at this machine. You can unlock with your name and number.</translation>
  </message>
  <message>
   <source>这张卡的密码锁住了，要到发卡的地方解开。可以用名字和密码解锁。</source>
   <translation>This card is blocked; its issuer can open it. You can unlock with your name and number.</translation>
  </message>
  <message>
   <source>这张身份证在这台机器上没有办过事。别处办的，可以打12345问。</source>
   <translation>Nothing was applied for with this card at this machine. For others, call 12345.</translation>
  </message>
  <message>
   <source>错的次数太多，请等 {remaining} 秒再试。</source>
   <translation>Too many wrong tries; please wait {remaining} seconds.</translation>
  </message>
 </context>
 <context>
  <name>NoCardPage</name>
  <message>
   <source>1. 点下面的“叫工作人员”</source>
   <translation>1. Touch “Call staff” below</translation>
  </message>
  <message>
   <source>2. 工作人员核对是您本人，在这里输入姓名和号码</source>
   <translation>2. Staff check that it is you and type name and number here</translation>
  </message>
  <message>
   <source>3. 后面和有身份证一样办，申请上会写明“工作人员核对”</source>
   <translation>3. The rest is the same; the application will say “confirmed by staff”</translation>
  </message>
  <message>
   <source>下一步</source>
   <translation>Next</translation>
  </message>
  <message>
   <source>叫工作人员</source>
   <translation>Call staff</translation>
  </message>
  <message>
   <source>怎么办</source>
   <translation>How</translation>
  </message>
  <message>
   <source>没带也能办：工作人员认识您，或者看户口本，就可以登记</source>
   <translation>No card? It still works: staff who know you, or your household register, are enough</translation>
  </message>
  <message>
   <source>没带身份证</source>
   <translation>No card with me</translation>
  </message>
  <message>
   <source>请核对是本人，再输入</source>
   <translation>Check the person, then type</translation>
  </message>
  <message>
   <source>身份证就在手边的话，放在感应区，不用输入。</source>
   <translation>If the card is at hand, lay it on the reader instead of typing.</translation>
  </message>
 </context>
 <context>
  <name>NoticePage</name>
  <message>
   <source>下次从头填</source>
   <translation>Start over next time</translation>
  </message>
  <message>
   <source>不同意</source>
   <translation>I do not agree</translation>
  </message>
  <message>
   <source>不同意也能办：可以拿空白表用笔填，交给工作人员。</source>
   <translation>You may refuse: fill in a blank form by pen instead.</translation>
  </message>
  <message>
   <source>不存，全部清掉</source>
   <translation>Do not keep it</translation>
  </message>
  <message>
   <source>先说清楚：会用到哪些信息</source>
   <translation>First: what information is used</translation>
  </message>
  <message>
   <source>内容加密存放，有网后上报。送到以后，这台机器自己也打不开。</source>
   <translation>Stored encrypted; once sent, even this machine cannot open it.</translation>
  </message>
  <message>
   <source>办完或走开，屏幕马上清空。不留照片，不给别人看。</source>
   <translation>When you leave, the screen is cleared. No photo is kept.</translation>
  </message>
  <message>
   <source>加密存着，只认您的身份证</source>
   <translation>Encrypted, opens only with your ID card</translation>
  </message>
  <message>
   <source>同意，继续</source>
   <translation>I agree, go on</translation>
  </message>
  <message>
   <source>存好，下次接着办</source>
   <translation>Keep it for next time</translation>
  </message>
  <message>
   <source>要是没办完就走了？</source>
   <translation>If you leave before finishing?</translation>
  </message>
  <message>
   <source>要用您的姓名、身份证号码、住址和您填的内容，只为办这件事，交给{department}。</source>
   <translation>Your name, ID number, address and answers are used for this service only, and go to: {department}.</translation>
  </message>
  <message>
   <source>选哪个都可以，办完的申请不受影响。</source>
   <translation>Either is fine; finished applications are not affected.</translation>
  </message>
 </context>
 <context>
  <name>NumberEditor</name>
  <message>
   <source>号码末尾有字母 B</source>
   <translation>The number ends with the letter B</translation>
  </message>
  <message>
   <source>已经写了 {given} 位，一共 18 位</source>
   <translation>{given} of 18 digits so far</translation>
  </message>
 </context>
 <context>
  <name>OperatorPanel</name>
  <message>
   <source>A4 打印机</source>
   <translation>A4 printer</translation>
  </message>
  <message>
   <source>小票打印机</source>
   <translation>Receipt printer</translation>
  </message>
  <message>
   <source>扫描仪</source>
   <translation>Scanner</translation>
  </message>
  <message>
   <source>拔掉</source>
   <translation>Unplugged</translation>
  </message>
  <message>
   <source>拿走身份证</source>
   <translation>Take the card away</translation>
  </message>
  <message>
   <source>插上</source>
   <translation>Plugged in</translation>
  </message>
  <message>
   <source>操作台</source>
   <translation>Operator</translation>
  </message>
  <message>
   <source>放一页纸</source>
   <translation>One page</translation>
  </message>
  <message>
   <source>放两页纸</source>
   <translation>Two pages</translation>
  </message>
  <message>
   <source>断</source>
   <translation>Down</translation>
  </message>
  <message>
   <source>有纸</source>
   <translation>Paper</translation>
  </message>
  <message>
   <source>模拟的设备和网络，都在这里拨弄</source>
   <translation>Simulated devices and network, to play with</translation>
  </message>
  <message>
   <source>没纸</source>
   <translation>None</translation>
  </message>
  <message>
   <source>纸少</source>
   <translation>Little</translation>
  </message>
  <message>
   <source>网络</source>
   <translation>Network</translation>
  </message>
  <message>
   <source>读卡器</source>
   <translation>Card reader</translation>
  </message>
  <message>
   <source>身份证</source>
   <translation>ID card</translation>
  </message>
  <message>
   <source>通</source>
   <translation>Up</translation>
  </message>
 </context>
 <context>
  <name>Pager</name>
  <message>
   <source>上一页</source>
   <translation>Previous</translation>
  </message>
  <message>
   <source>下一页</source>
   <translation>Next</translation>
  </message>
  <message>
   <source>第 {page} 页，共 {count} 页</source>
   <translation>Page {page} of {count}</translation>
  </message>
 </context>
 <context>
  <name>PaperPage</name>
  <message>
   <source>别的机器登记、还没上报的，扫一下就接过来</source>
   <translation>What another machine could not send is taken over</translation>
  </message>
  <message>
   <source>扫完了</source>
   <translation>All scanned</translation>
  </message>
  <message>
   <source>扫描纸质申请表</source>
   <translation>Scan forms on paper</translation>
  </message>
  <message>
   <source>扫描这一页</source>
   <translation>Scan it</translation>
  </message>
  <message>
   <source>把申请表最后一页放好，点下面的按钮；也可以用扫码枪</source>
   <translation>Lay the form's last page down and touch the button below, or use the code scanner</translation>
  </message>
  <message>
   <source>拍这一页</source>
   <translation>Take photo</translation>
  </message>
  <message>
   <source>方块码在申请表的最后面。先后不限，扫过的不会重复。</source>
   <translation>The square codes are at the form's end. Any order will do, and twice does no harm.</translation>
  </message>
  <message>
   <source>正在读……</source>
   <translation>Reading…</translation>
  </message>
  <message>
   <source>用扫码枪对着方块码，一张一张扫</source>
   <translation>Hold the code scanner to the square codes, one after the other</translation>
  </message>
  <message>
   <source>码里是加密的，这台机器也看不到，只替它送到平台。</source>
   <translation>The codes are sealed. This machine cannot read them; it only takes them to the platform.</translation>
  </message>
  <message>
   <source>返回</source>
   <translation>Back</translation>
  </message>
 </context>
 <context>
  <name>Papers</name>
  <message>
   <source>回执</source>
   <translation>receipt</translation>
  </message>
  <message>
   <source>小票</source>
   <translation>slip</translation>
  </message>
  <message>
   <source>打印机卡纸了</source>
   <translation>The printer is jammed</translation>
  </message>
  <message>
   <source>打印机没有打出来</source>
   <translation>The printer did not print</translation>
  </message>
  <message>
   <source>打印机没有接上</source>
   <translation>The printer is not connected</translation>
  </message>
  <message>
   <source>打印机没有纸了</source>
   <translation>The printer is out of paper</translation>
  </message>
  <message>
   <source>打印机的盖子开着</source>
   <translation>The printer's cover is open</translation>
  </message>
  <message>
   <source>材料清单</source>
   <translation>List of what to bring</translation>
  </message>
  <message>
   <source>申请表</source>
   <translation>form</translation>
  </message>
 </context>
 <context>
  <name>PhoneEditor</name>
  <message>
   <source>填家里人的手机号，办好了短信发给他。</source>
   <translation>Give a family member's number; the message goes there.</translation>
  </message>
  <message>
   <source>家里人的手机号</source>
   <translation>A family member's mobile number</translation>
  </message>
  <message>
   <source>我没有手机</source>
   <translation>I have no mobile phone</translation>
  </message>
  <message>
   <source>没有手机</source>
   <translation>No mobile phone</translation>
  </message>
  <message>
   <source>没有手机也能办。办好了村里会告诉您。</source>
   <translation>It works without a phone. The village will tell you when it is done.</translation>
  </message>
  <message>
   <source>用家里人的</source>
   <translation>Use a family member's</translation>
  </message>
 </context>
 <context>
  <name>PictureEditor</name>
  <message>
   <source>再扫一张</source>
   <translation>Scan again</translation>
  </message>
  <message>
   <source>再拍一张</source>
   <translation>Take it again</translation>
  </message>
  <message>
   <source>删掉这张</source>
   <translation>Remove it</translation>
  </message>
  <message>
   <source>扫一张</source>
   <translation>Scan one</translation>
  </message>
  <message>
   <source>把照片正面朝下，放在扫描仪的玻璃上，靠着角放平，盖上盖子，再点“扫一张”。</source>
   <translation>Lay the photo face down on the scanner's glass, into the corner, close the lid, then touch “Scan one”.</translation>
  </message>
  <message>
   <source>拍一张</source>
   <translation>Take a picture</translation>
  </message>
  <message>
   <source>正在扫描……</source>
   <translation>Scanning…</translation>
  </message>
  <message>
   <source>点“拍一张”，把照片放到摄像头下面，放平，四个边都要照到。</source>
   <translation>Touch “Take a picture”, put the photo under the camera, flat, with all four edges in view.</translation>
  </message>
  <message>
   <source>照片已经有了</source>
   <translation>The photo is here</translation>
  </message>
  <message>
   <source>还没有照片</source>
   <translation>No photo yet</translation>
  </message>
 </context>
 <context>
  <name>Pinyin</name>
  <message>
   <source>分开</source>
   <translation>Split</translation>
  </message>
  <message>
   <source>删一个</source>
   <translation>Delete one</translation>
  </message>
  <message>
   <source>前面的字</source>
   <translation>Earlier characters</translation>
  </message>
  <message>
   <source>大写</source>
   <translation>Capitals</translation>
  </message>
  <message>
   <source>字母</source>
   <translation>abc</translation>
  </message>
  <message>
   <source>打拼音，再点上面的字</source>
   <translation>Type pinyin, then touch the characters above</translation>
  </message>
  <message>
   <source>拼音</source>
   <translation>Pinyin</translation>
  </message>
  <message>
   <source>数字</source>
   <translation>123</translation>
  </message>
  <message>
   <source>更多的字</source>
   <translation>More characters</translation>
  </message>
  <message>
   <source>空格</source>
   <translation>Space</translation>
  </message>
  <message>
   <source>英文</source>
   <translation>Latin</translation>
  </message>
  <message>
   <source>这台机器没有装拼音。可以打字母和数字，或者叫工作人员帮您写。</source>
   <translation>No pinyin on this machine. Type letters and figures, or ask staff to write for you.</translation>
  </message>
  <message>
   <source>间隔点</source>
   <translation>Middle dot</translation>
  </message>
 </context>
 <context>
  <name>PrintPage</name>
  <message>
   <source>先选一件事，再打印要带的东西</source>
   <translation>Choose a service, then print what to bring</translation>
  </message>
  <message>
   <source>可以先看指南、拍下来，或者叫工作人员看一下打印机。</source>
   <translation>Read the guide, take a picture of it, or ask staff to look at the printer.</translation>
  </message>
  <message>
   <source>在这里打印不要钱</source>
   <translation>Printing here is free</translation>
  </message>
  <message>
   <source>打印机现在用不了</source>
   <translation>The printer does not work just now</translation>
  </message>
  <message>
   <source>拿回家用笔填，一样收</source>
   <translation>Fill it in by pen at home; accepted just the same</translation>
  </message>
  <message>
   <source>放身份证，或输 12 位编号</source>
   <translation>By ID card or 12-digit number</translation>
  </message>
  <message>
   <source>材料清单</source>
   <translation>List of what to bring</translation>
  </message>
  <message>
   <source>空白申请表</source>
   <translation>Blank application form</translation>
  </message>
  <message>
   <source>补打回执</source>
   <translation>Print again</translation>
  </message>
  <message>
   <source>要打印什么？</source>
   <translation>What shall be printed?</translation>
  </message>
  <message>
   <source>选好以后，从打印机下面取纸。没打出来也不要紧，可以再打。</source>
   <translation>Take the paper from below. If nothing comes out, print again.</translation>
  </message>
 </context>
 <context>
  <name>Problems</name>
  <message>
   <source>从哪天到哪天，都要选。</source>
   <translation>Please choose both days, from and to.</translation>
  </message>
  <message>
   <source>再多写几句：至少 {least} 个字，现在 {given} 个字。</source>
   <translation>Please write a little more: at least {least} characters, now {given}.</translation>
  </message>
  <message>
   <source>写得太多了：最多 {most} 个字，现在 {given} 个字。</source>
   <translation>Too long: at most {most} characters, now {given}.</translation>
  </message>
  <message>
   <source>前 17 位只能是数字，最后一位可以是 X。</source>
   <translation>The first 17 places are digits, the last may be an X.</translation>
  </message>
  <message>
   <source>前面说家里有 {stated} 口人，这里是 {listed} 行。少了就加，多了就删，或者返回改人数。</source>
   <translation>You said {stated} people, here are {listed} lines. Add or remove lines, or go back and change the number.</translation>
  </message>
  <message>
   <source>号码和证件上的样子不一样，请对着证件再看一遍。</source>
   <translation>The number does not look like the one on the card. Please compare again.</translation>
  </message>
  <message>
   <source>号码里有一位不对，请对着证件从头看一遍。</source>
   <translation>One digit is wrong. Please compare with the card from the start.</translation>
  </message>
  <message>
   <source>号码里的出生日期不对，请看第 7 到第 14 位。</source>
   <translation>The date of birth in the number is wrong: look at digits 7 to 14.</translation>
  </message>
  <message>
   <source>多了几位：最多 {most} 位，现在 {given} 位。</source>
   <translation>Too many digits: at most {most}, now {given}.</translation>
  </message>
  <message>
   <source>太大了，最多只能 {most}{unit}。</source>
   <translation>Too large: at most {most}{unit}.</translation>
  </message>
  <message>
   <source>太小了，至少要 {least}{unit}。</source>
   <translation>Too small: at least {least}{unit}.</translation>
  </message>
  <message>
   <source>姓名请写汉字。少数民族姓名中间用“·”。</source>
   <translation>Please write the name in Chinese characters, with “·” inside names of minorities.</translation>
  </message>
  <message>
   <source>少了几位：至少 {least} 位，现在 {given} 位。</source>
   <translation>Some digits are missing: at least {least}, now {given}.</translation>
  </message>
  <message>
   <source>开始的日子在结束的后面了，请换过来。</source>
   <translation>The first day is after the last. Please swap them.</translation>
  </message>
  <message>
   <source>手机号是 11 位、1 开头的数字，请对一对。没有手机，点“我没有手机”。</source>
   <translation>A mobile number has 11 digits and begins with 1. Please compare. Without one, touch “I have no mobile phone”.</translation>
  </message>
  <message>
   <source>数字没有写完整，请再看一下。</source>
   <translation>The number is not complete, please look again.</translation>
  </message>
  <message>
   <source>日子没有选全，请把年、月、日都点上。</source>
   <translation>The date is not complete: please touch year, month and day.</translation>
  </message>
  <message>
   <source>请一直选到村。</source>
   <translation>Please choose down to the village.</translation>
  </message>
  <message>
   <source>请填手机号。没有手机，点“我没有手机”。</source>
   <translation>Please give a mobile number. Without one, touch “I have no mobile phone”.</translation>
  </message>
  <message>
   <source>身份证号码是 18 位，请对着证件再数一数。</source>
   <translation>An ID number has 18 digits. Please count again on the card.</translation>
  </message>
  <message>
   <source>还一行都没有，点“加一行”。</source>
   <translation>No line yet: touch “Add a line”.</translation>
  </message>
  <message>
   <source>还没有填，请用数字键输入。</source>
   <translation>Nothing here yet: please use the number keys.</translation>
  </message>
  <message>
   <source>还没有填，请用键盘写。</source>
   <translation>Nothing here yet: please use the keyboard.</translation>
  </message>
  <message>
   <source>还没有照片，放好了点“扫一张”。</source>
   <translation>No photo yet: lay it down and touch “Scan one”.</translation>
  </message>
  <message>
   <source>还没有选日子，先点年，再点月和日。</source>
   <translation>No date yet: first the year, then month and day.</translation>
  </message>
  <message>
   <source>还没有选，可以选好几个。</source>
   <translation>Nothing chosen yet: you may choose several.</translation>
  </message>
  <message>
   <source>还没有选，点一个就行。</source>
   <translation>Nothing chosen yet: touch one.</translation>
  </message>
  <message>
   <source>这一天已经过了，请选今天或以后的日子。</source>
   <translation>This day is over. Choose today or a later day.</translation>
  </message>
  <message>
   <source>这一天还没有到，请选今天或以前的日子。</source>
   <translation>This day has not come yet. Choose today or an earlier day.</translation>
  </message>
  <message>
   <source>这个身份证号码前面有一行已经写了。</source>
   <translation>This ID number is already in a line above.</translation>
  </message>
 </context>
 <context>
  <name>RatingPage</name>
  <message>
   <source>一般</source>
   <translation>Fair</translation>
  </message>
  <message>
   <source>不满意</source>
   <translation>Dissatisfied</translation>
  </message>
  <message>
   <source>不评了，办完</source>
   <translation>Skip and finish</translation>
  </message>
  <message>
   <source>今天办得怎么样？</source>
   <translation>How was it today?</translation>
  </message>
  <message>
   <source>满意</source>
   <translation>Satisfied</translation>
  </message>
  <message>
   <source>点一下就行，也可以不评</source>
   <translation>One touch, or skip it</translation>
  </message>
  <message>
   <source>评不评都可以，不影响办事。有话要说，可以在首页点“评价投诉”。</source>
   <translation>Rating or not, it changes nothing for your case. For more, touch “Feedback” on the home screen.</translation>
  </message>
  <message>
   <source>非常不满意</source>
   <translation>Very dissatisfied</translation>
  </message>
  <message>
   <source>非常满意</source>
   <translation>Very satisfied</translation>
  </message>
 </context>
 <context>
  <name>ReviewPage</name>
  <message>
   <source>{name}（{relation}）</source>
   <translation>{name} ({relation})</translation>
  </message>
  <message>
   <source>代办人</source>
   <translation>Agent</translation>
  </message>
  <message>
   <source>右边写着每一项从哪里来。不对的，点那一行的“改”，改完自动回来。</source>
   <translation>Each line says where it comes from. If one is wrong, touch its “Change”.</translation>
  </message>
  <message>
   <source>手工填写</source>
   <translation>Entered by hand</translation>
  </message>
  <message>
   <source>改</source>
   <translation>Change</translation>
  </message>
  <message>
   <source>没有填</source>
   <translation>Nothing</translation>
  </message>
  <message>
   <source>监护人</source>
   <translation>Guardian</translation>
  </message>
  <message>
   <source>看下一页</source>
   <translation>Next page</translation>
  </message>
  <message>
   <source>请看一看，对不对？</source>
   <translation>Please check: is it right?</translation>
  </message>
  <message>
   <source>身份证</source>
   <translation>ID card</translation>
  </message>
  <message>
   <source>返回</source>
   <translation>Back</translation>
  </message>
  <message>
   <source>都对，去签名</source>
   <translation>All right, sign</translation>
  </message>
  <message>
   <source>都对，就点“都对，去签名”。</source>
   <translation>If all is right, touch “All right, sign”.</translation>
  </message>
  <message>
   <source>（接上）</source>
   <translation>(continued)</translation>
  </message>
 </context>
 <context>
  <name>RowCard</name>
  <message>
   <source>删掉这一行</source>
   <translation>Remove this line</translation>
  </message>
  <message>
   <source>删掉？</source>
   <translation>Remove?</translation>
  </message>
  <message>
   <source>要改</source>
   <translation>To change</translation>
  </message>
 </context>
 <context>
  <name>Shell</name>
  <message>
   <source>上次的“{item}”没有办完，都还存着。要接着办吗？</source>
   <translation>“{item}” was not finished last time; it is still kept here. Go on with it?</translation>
  </message>
  <message>
   <source>不办了</source>
   <translation>I am done</translation>
  </message>
  <message>
   <source>不存，回首页</source>
   <translation>Go home without keeping it</translation>
  </message>
  <message>
   <source>也可以打 {phone}。</source>
   <translation> Or call {phone}.</translation>
  </message>
  <message>
   <source>从头填，旧的清掉</source>
   <translation>Start over, clear the old one</translation>
  </message>
  <message>
   <source>存好，回首页</source>
   <translation>Keep it and go home</translation>
  </message>
  <message>
   <source>已经叫了工作人员</source>
   <translation>Staff have been called</translation>
  </message>
  <message>
   <source>您还在吗？</source>
   <translation>Are you still there?</translation>
  </message>
  <message>
   <source>我是工作人员</source>
   <translation>I am staff</translation>
  </message>
  <message>
   <source>我还在</source>
   <translation>I am here</translation>
  </message>
  <message>
   <source>接着上次的办</source>
   <translation>Go on from there</translation>
  </message>
  <message>
   <source>接着办</source>
   <translation>Go on with it</translation>
  </message>
  <message>
   <source>时间到了就回到首页。填了的会照您选的存好或清掉，别人看不到。</source>
   <translation>Then this returns to the start. What you filled in is kept or cleared as you chose; nobody else sees it.</translation>
  </message>
  <message>
   <source>时间到了就回到首页，屏幕上的内容会清掉。</source>
   <translation>Then this returns to the start and the screen is cleared.</translation>
  </message>
  <message>
   <source>有一件没办完的事</source>
   <translation>Something unfinished</translation>
  </message>
  <message>
   <source>知道了</source>
   <translation>All right</translation>
  </message>
  <message>
   <source>要回首页吗？已经填的可以加密存在这台机器上，下次放同一张身份证接着办。</source>
   <translation>Go to the home screen? What you filled in can be kept here encrypted, and opened next time with the same ID card.</translation>
  </message>
  <message>
   <source>请等一下，有人来帮您。您填的都还在。</source>
   <translation>Please wait, somebody is coming. Nothing you filled in is lost.</translation>
  </message>
  <message>
   <source>返回</source>
   <translation>Back</translation>
  </message>
  <message>
   <source>这件事还没有办完</source>
   <translation>This is not finished yet</translation>
  </message>
 </context>
 <context>
  <name>SignPage</name>
  <message>
   <source>以上内容是真的。同意{department}为办“{item}”使用这些信息。</source>
   <translation>The above is true. The {department} may use it for “{item}”.</translation>
  </message>
  <message>
   <source>写不了的，请叫工作人员，可以在纸上按手印</source>
   <translation>If you cannot write, call staff: a fingerprint on paper will do</translation>
  </message>
  <message>
   <source>写不了，在纸上按手印</source>
   <translation>Cannot write: fingerprint on paper</translation>
  </message>
  <message>
   <source>在这里用手指写名字</source>
   <translation>Write your name here with a finger</translation>
  </message>
  <message>
   <source>提交申请</source>
   <translation>Hand it in</translation>
  </message>
  <message>
   <source>请在框里签名</source>
   <translation>Please sign in the box</translation>
  </message>
  <message>
   <source>重写</source>
   <translation>Again</translation>
  </message>
 </context>
 <context>
  <name>Sources</name>
  <message>
   <source>工作人员</source>
   <translation>Staff</translation>
  </message>
  <message>
   <source>您填写</source>
   <translation>You</translation>
  </message>
  <message>
   <source>电子证照</source>
   <translation>Certificate</translation>
  </message>
  <message>
   <source>纸质材料</source>
   <translation>Paper</translation>
  </message>
  <message>
   <source>身份证</source>
   <translation>ID card</translation>
  </message>
  <message>
   <source>预先填好</source>
   <translation>Filled in for you</translation>
  </message>
 </context>
 <context>
  <name>StaffBanner</name>
  <message>
   <source>交还给居民</source>
   <translation>Hand back</translation>
  </message>
  <message>
   <source>工作人员 {name} 正在帮办</source>
   <translation>{name} (staff) is helping</translation>
  </message>
  <message>
   <source>工作台</source>
   <translation>Desk</translation>
  </message>
 </context>
 <context>
  <name>StepBar</name>
  <message>
   <source>第 {step} 步，共 {count} 步</source>
   <translation>Step {step} of {count}</translation>
  </message>
 </context>
 <context>
  <name>SubmittingPage</name>
  <message>
   <source>正在登记，请等一下</source>
   <translation>Registering, one moment</translation>
  </message>
  <message>
   <source>登记好了，这里会出现您的编号。</source>
   <translation>When it is done your code appears here.</translation>
  </message>
 </context>
 <context>
  <name>Sync</name>
  <message>
   <source>10 个小时以上</source>
   <translation>more than 10 hours</translation>
  </message>
  <message>
   <source>{month}月{day}日 {clock} </source>
   <translation>{month}/{day} at {clock}</translation>
  </message>
  <message>
   <source>{when}和平台对过。</source>
   <translation>Last talked with the platform {when}.</translation>
  </message>
  <message>
   <source>上报停住了</source>
   <translation>Sending has stopped</translation>
  </message>
  <message>
   <source>上报出了毛病</source>
   <translation>Sending has a fault</translation>
  </message>
  <message>
   <source>不到 1 分钟</source>
   <translation>less than a minute</translation>
  </message>
  <message>
   <source>今天 {clock} </source>
   <translation>today at {clock}</translation>
  </message>
  <message>
   <source>今天的流量用完了，材料明天接着传，申请照常上报。</source>
   <translation>Today's data is used up. Scanned papers go on tomorrow; applications go as usual.</translation>
  </message>
  <message>
   <source>可以照常办理，先存在这台机器上，有网就自动上报。</source>
   <translation>Carry on as usual: it is kept on this machine and sent once there is a network.</translation>
  </message>
  <message>
   <source>在路由器或热点的页面上登录一次，就会自己上报。</source>
   <translation>Log in once on the page of the router or hotspot; then it is sent by itself.</translation>
  </message>
  <message>
   <source>大约 1 个小时</source>
   <translation>about an hour</translation>
  </message>
  <message>
   <source>大约 1 分钟</source>
   <translation>about a minute</translation>
  </message>
  <message>
   <source>大约 {count} 个半小时</source>
   <translation>about {count}½ hours</translation>
  </message>
  <message>
   <source>大约 {count} 个小时</source>
   <translation>about {count} hours</translation>
  </message>
  <message>
   <source>大约 {count} 分钟</source>
   <translation>about {count} minutes</translation>
  </message>
  <message>
   <source>存好的都还在。请人腾出一些空间，腾出来就接着上报。</source>
   <translation>All that was saved is safe. Have some space freed; then sending goes on.</translation>
  </message>
  <message>
   <source>已经记下来了，过一会儿自己再传。一直这样，就请人看看这台机器。</source>
   <translation>It was noted; it is tried again by itself. If it stays like this, have this machine looked at.</translation>
  </message>
  <message>
   <source>平台暂时停了</source>
   <translation>The platform is away</translation>
  </message>
  <message>
   <source>平台正忙或者还没答应，过一会儿自己再传。</source>
   <translation>The platform is busy or has not agreed yet; it is tried again by itself.</translation>
  </message>
  <message>
   <source>平台没有回应</source>
   <translation>The platform does not answer</translation>
  </message>
  <message>
   <source>平台的回答不对</source>
   <translation>The platform's answer is wrong</translation>
  </message>
  <message>
   <source>开了省流量：申请照常上报，材料等省流量关了再传。</source>
   <translation>Saving data: applications go as usual, scanned papers wait until that is switched off.</translation>
  </message>
  <message>
   <source>断了网会从断的地方接着传，不用守着。</source>
   <translation>If the network breaks off it goes on from there. No need to watch.</translation>
  </message>
  <message>
   <source>有 {count} 份平台没有收，请打电话问问平台。</source>
   <translation>{count} were not taken by the platform. Please phone and ask.</translation>
  </message>
  <message>
   <source>材料等到定好的钟点再传，申请照常上报。</source>
   <translation>Scanned papers wait for the hours that were set; applications go as usual.</translation>
  </message>
  <message>
   <source>正在上报</source>
   <translation>Sending</translation>
  </message>
  <message>
   <source>每秒 {size}。{more}</source>
   <translation>{size} a second. {more}</translation>
  </message>
  <message>
   <source>毛病在平台那边，过一会儿自己再传。一直这样，就打电话告诉平台。</source>
   <translation>The fault is on the platform's side; it is tried again by itself. If it stays like this, call the platform.</translation>
  </message>
  <message>
   <source>申请都报了，材料先等着</source>
   <translation>Applications sent, papers wait</translation>
  </message>
  <message>
   <source>看看这台机器的日期和时间对不对，再找人看看网络。什么都没有发出去。</source>
   <translation>Check this machine's date and time, then have the network looked at. Nothing was sent.</translation>
  </message>
  <message>
   <source>等着上报</source>
   <translation>Waiting to be sent</translation>
  </message>
  <message>
   <source>网络不通</source>
   <translation>No network</translation>
  </message>
  <message>
   <source>网络是通的，平台可能在维护，过一会儿自己再传。</source>
   <translation>The network is up. The platform may be under maintenance; it is tried again by itself.</translation>
  </message>
  <message>
   <source>网络是通的，平台那边暂时停了，好了会自己再传，这里不用管。</source>
   <translation>The network is up and the platform is away for now. It is sent by itself once the platform is back: nothing to do here.</translation>
  </message>
  <message>
   <source>网络要先登录</source>
   <translation>The network wants a log-in</translation>
  </message>
  <message>
   <source>请人看看这台机器的硬盘，看好之前先别收件。</source>
   <translation>Have this machine's disk looked at, and take no applications until then.</translation>
  </message>
  <message>
   <source>还有 {what}</source>
   <translation>Left: {what}</translation>
  </message>
  <message>
   <source>这台机器存不进去了</source>
   <translation>This machine can no longer store</translation>
  </message>
  <message>
   <source>这台机器存满了</source>
   <translation>This machine is full</translation>
  </message>
  <message>
   <source>连上的不是平台</source>
   <translation>Something else than the platform answered</translation>
  </message>
  <message>
   <source>都上报了</source>
   <translation>All sent</translation>
  </message>
  <message>
   <source>都好好存在这台机器上。请把这台机器重启一下；还不行，就用U盘带走。</source>
   <translation>All of it is safe on this machine. Restart the machine; if that does not help, take it along on a stick.</translation>
  </message>
  <message>
   <source>都好好存在这台机器上，有网就自动上报。等不及就用U盘带走。</source>
   <translation>All of it is safe on this machine and is sent once there is a network. Or take it along on a stick.</translation>
  </message>
  <message>
   <source>马上就传。</source>
   <translation>It begins at once.</translation>
  </message>
 </context>
 <context>
  <name>TableEditor</name>
  <message>
   <source>加一行</source>
   <translation>Add a line</translation>
  </message>
  <message>
   <source>合计 {total} {unit}</source>
   <translation>Total {total} {unit}</translation>
  </message>
  <message>
   <source>还没填</source>
   <translation>Not filled in yet</translation>
  </message>
  <message>
   <source>还没有。点下面的“加一行”，一行一行地填。</source>
   <translation>None yet. Touch “Add a line” below and fill in line by line.</translation>
  </message>
 </context>
 <context>
  <name>TextEditor</name>
  <message>
   <source>“{rare}”是生僻字，会照原样记下来。</source>
   <translation>“{rare}” is a rare character; it is recorded exactly as it is.</translation>
  </message>
  <message>
   <source>已经写了 {given} 个字。</source>
   <translation>{given} characters so far.</translation>
  </message>
 </context>
 <context>
  <name>ThumbStrip</name>
  <message>
   <source>删掉</source>
   <translation>Remove</translation>
  </message>
  <message>
   <source>删掉第 {n} 页</source>
   <translation>Remove page {n}</translation>
  </message>
  <message>
   <source>正在扫描……</source>
   <translation>Scanning…</translation>
  </message>
  <message>
   <source>第 {n} 页</source>
   <translation>Page {n}</translation>
  </message>
 </context>
 <context>
  <name>TopBand</name>
  <message>
   <source>{month}月{day}日 {time}</source>
   <translation>{time}, {day}/{month}</translation>
  </message>
  <message>
   <source>打印机没接上</source>
   <translation>Printer not connected</translation>
  </message>
  <message>
   <source>打印机没纸了</source>
   <translation>Printer out of paper</translation>
  </message>
  <message>
   <source>打印机要人看一下</source>
   <translation>Printer needs attention</translation>
  </message>
  <message>
   <source>打印纸快用完了</source>
   <translation>Paper is running low</translation>
  </message>
  <message>
   <source>换语言 / Language</source>
   <translation>换语言 / Language</translation>
  </message>
  <message>
   <source>正在上报，{time}</source>
   <translation>Sending, {time}</translation>
  </message>
  <message>
   <source>网络不通，先在本机登记</source>
   <translation>Offline, kept here first</translation>
  </message>
  <message>
   <source>网络不通，待上报 {count} 件</source>
   <translation>No network, {count} waiting</translation>
  </message>
  <message>
   <source>网络正常</source>
   <translation>Online</translation>
  </message>
  <message>
   <source>网络较弱，可照常办理</source>
   <translation>Slow network, go on as usual</translation>
  </message>
 </context>
 <context>
  <name>TrackPage</name>
  <message>
   <source>{day} 登记　编号 {code}</source>
   <translation>Registered {day} · code {code}</translation>
  </message>
  <message>
   <source>回执上的 12 位编号</source>
   <translation>The 12-digit code on the receipt</translation>
  </message>
  <message>
   <source>您要看哪一件？</source>
   <translation>Which one do you want to see?</translation>
  </message>
  <message>
   <source>把身份证放在感应区，就能看到您办的事</source>
   <translation>Lay your ID card on the reader to see your applications</translation>
  </message>
  <message>
   <source>查一下</source>
   <translation>Look it up</translation>
  </message>
  <message>
   <source>查进度</source>
   <translation>Track</translation>
  </message>
  <message>
   <source>正在查……</source>
   <translation>Looking…</translation>
  </message>
  <message>
   <source>没带身份证，就输回执上的 12 位编号</source>
   <translation>Without a card, type the 12-digit code of the receipt</translation>
  </message>
  <message>
   <source>网络不通也能查，显示的是上次收到的消息。</source>
   <translation>Works without network too: you see what came last.</translation>
  </message>
  <message>
   <source>返回</source>
   <translation>Back</translation>
  </message>
 </context>
 <context>
  <name>Unlock</name>
  <message>
   <source>不解锁</source>
   <translation>Cancel</translation>
  </message>
  <message>
   <source>工作人员解锁</source>
   <translation>Staff unlock</translation>
  </message>
  <message>
   <source>已读到{name}的工作人员卡，请输卡的密码。</source>
   <translation>{name}'s staff card is in. Please enter the card's number.</translation>
  </message>
  <message>
   <source>已输入 {count} 位</source>
   <translation>{count} digits entered</translation>
  </message>
  <message>
   <source>点您的名字，再输数字密码。</source>
   <translation>Touch your name, then enter your number.</translation>
  </message>
  <message>
   <source>解锁</source>
   <translation>Unlock</translation>
  </message>
  <message>
   <source>这台机器还没有登记工作人员。</source>
   <translation>No staff are registered on this machine yet.</translation>
  </message>
 </context>
 <context>
  <name>UsbPage</name>
  <message>
   <source>U盘插好了</source>
   <translation>The stick is ready</translation>
  </message>
  <message>
   <source>U盘收发</source>
   <translation>USB stick</translation>
  </message>
  <message>
   <source>{done}，{time}</source>
   <translation>{done}, {time}</translation>
  </message>
  <message>
   <source>{done}，共 {total}</source>
   <translation>{done} of {total}</translation>
  </message>
  <message>
   <source>{name}，还能放 {free}</source>
   <translation>{name}, {free} free</translation>
  </message>
  <message>
   <source>先别拔U盘</source>
   <translation>Leave the stick in</translation>
  </message>
  <message>
   <source>先取U盘带回来的回执，再把等着的写上去。</source>
   <translation>First the receipts on the stick are taken, then what waits is written.</translation>
  </message>
  <message>
   <source>再来一次</source>
   <translation>Try again</translation>
  </message>
  <message>
   <source>写好、核对完，这里会说可以拔。</source>
   <translation>When it is written and checked, this says so.</translation>
  </message>
  <message>
   <source>写好了，也核对过。现在可以拔下U盘了。</source>
   <translation>It is written and checked. You may take the stick out now.</translation>
  </message>
  <message>
   <source>写好了，也读出来核对过。</source>
   <translation>Written, read back and checked.</translation>
  </message>
  <message>
   <source>好了</source>
   <translation>Done</translation>
  </message>
  <message>
   <source>带走的都加了密，只有平台能打开</source>
   <translation>All of it is sealed: only the platform can open it</translation>
  </message>
  <message>
   <source>开始收发</source>
   <translation>Start</translation>
  </message>
  <message>
   <source>把U盘带到平台，或者插到有网的机器上。这里还留着，有网了也会自己上报，不会重复。</source>
   <translation>Take the stick to the platform, or put it into a machine with a network. All of it also stays here and is sent once there is a network; nothing counts twice.</translation>
  </message>
  <message>
   <source>插上了，但是打不开</source>
   <translation>It is in, but cannot be opened</translation>
  </message>
  <message>
   <source>插好以后这里会自己认出来。</source>
   <translation>It is found by itself.</translation>
  </message>
  <message>
   <source>没有要带走的，U盘可以收起来了。</source>
   <translation>Nothing to take along; put the stick away.</translation>
  </message>
  <message>
   <source>现在可以拔下U盘了</source>
   <translation>You may take the stick out now</translation>
  </message>
  <message>
   <source>等几秒还这样，就换一个U盘，或者在电脑上格式化。</source>
   <translation>If this stays so for some seconds, take another one, or format it on a computer.</translation>
  </message>
  <message>
   <source>等着带走的</source>
   <translation>Waiting to go out</translation>
  </message>
  <message>
   <source>请插上U盘</source>
   <translation>Put a USB stick in</translation>
  </message>
  <message>
   <source>马上就好</source>
   <translation>Just a moment</translation>
  </message>
 </context>
 <context>
  <name>Values</name>
  <message>
   <source>{first} 到 {last}</source>
   <translation>{first} to {last}</translation>
  </message>
  <message>
   <source>{year}年</source>
   <translation>{year}</translation>
  </message>
  <message>
   <source>{year}年{month}月</source>
   <translation>{year}-{month}</translation>
  </message>
  <message>
   <source>{year}年{month}月{day}日</source>
   <translation>{year}-{month}-{day}</translation>
  </message>
 </context>
</TS>

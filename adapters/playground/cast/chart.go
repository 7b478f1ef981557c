package cast

// chart is the company: a line for each person, below her manager and one step
// further in: login, first name, last name, title, and what else there is to
// say. A line that ends with a colon begins a department, which is a container.
//
// Of all people Mei Lin alone has "mei" anywhere in a name.
const chart = `
Executive:
hokafor|Helen|Okafor|Chief Executive Officer
 rdasilva|Rui|da Silva|Chief of Staff
  jpark|Jiwon|Park|Executive Assistant
Sales:
 lmoreau|Lucie|Moreau|Vice President Sales
  kadeyemi|Kemi|Adeyemi|Sales Manager
   tberg|Tom|Berg|Account Executive
   abergstrom|Astrid|Bergström|Account Executive
   pnowak|Piotr|Nowak|Account Executive
   snakamura|Sora|Nakamura|Account Executive
   fhaddad|Farah|Haddad|Account Executive
   jmurphy|Jack|Murphy|Sales Development Representative
   iromano|Ilaria|Romano|Sales Development Representative
  dvargas|Diego|Vargas|Sales Manager
   chughes|Cerys|Hughes|Account Executive
   rsharma|Rohan|Sharma|Account Executive
   eolsen|Emil|Olsen|Account Executive
   mtanaka|Mio|Tanaka|Sales Engineer
   bkovacs|Bence|Kovács|Sales Engineer
   zmensah|Zuri|Mensah|Sales Development Representative
   wjansen|Wout|Jansen|Sales Operations Analyst
Engineering:
 awolf|Anna|Wolf|Vice President Engineering
  mruiz|Marta|Ruiz|Engineering Manager|lab
   mlin|Mei|Lin|Software Engineer|lab
   dpetrov|Dimitar|Petrov|Software Engineer|lab
   oadams|Olivia|Adams|Senior Software Engineer|lab
   khassan|Karim|Hassan|Software Engineer|lab
   sgupta|Sneha|Gupta|Software Engineer|lab
   ylee|Yuna|Lee|Software Engineer|lab
   tlindqvist|Tove|Lindqvist|Senior Software Engineer|lab
  jfischer|Jonas|Fischer|Engineering Manager|lab
   adiallo|Awa|Diallo|Site Reliability Engineer|lab
   msantos|Miguel|Santos|Site Reliability Engineer|lab
   phorvat|Petra|Horvat|Site Reliability Engineer|lab
   nkim|Namjoon|Kim|Platform Engineer|lab
   egarcia|Elena|García|Platform Engineer|lab
   wobrien|Will|O'Brien|Platform Engineer|lab
  vpatel|Vikram|Patel|Engineering Manager
   hsato|Haru|Sato|Quality Engineer|lab
   lnguyen|Linh|Nguyen|Quality Engineer|lab
   gcosta|Giulia|Costa|Quality Engineer
   rfarouk|Rania|Farouk|Release Manager|lab
   jwalker|Joy|Walker|Technical Writer
  cyilmaz|Can|Yılmaz|Head of Design
   slarsen|Sofie|Larsen|Product Designer
   ichen|Ivy|Chen|Product Designer
   bjones|Bronwen|Jones|User Researcher
   mdupont|Maël|Dupont|Product Manager
   tokoye|Tobe|Okoye|Product Manager
   ravila|Renata|Ávila|Product Manager
Finance:
 gschmidt|Greta|Schmidt|Chief Financial Officer
  fmartin|Florence|Martin|Finance Manager
   hwong|Hannah|Wong|Accountant
   lrossi|Luca|Rossi|Accountant
   abakker|Anouk|Bakker|Payroll Specialist
   dcohen|David|Cohen|Payroll Specialist
   nsuleiman|Nadia|Suleiman|Accounts Payable Clerk
  otaylor|Owen|Taylor|Controller
   kmazur|Kasia|Mazur|Financial Analyst
   ptran|Phuong|Tran|Financial Analyst
   ereid|Ewan|Reid|Treasury Analyst|disabled
   smbeki|Sipho|Mbeki|Internal Auditor
Marketing:
 ibello|Ife|Bello|Vice President Marketing
  cbianchi|Chiara|Bianchi|Marketing Manager
   jdubois|Jules|Dubois|Content Strategist
   mpopescu|Mihai|Popescu|Content Strategist
   aivanova|Alina|Ivanova|Campaign Manager
   thill|Thea|Hill|Campaign Manager
   kyamada|Ken|Yamada|Graphic Designer
   lfernandez|Lola|Fernández|Events Coordinator
  rmitchell|Ruth|Mitchell|Communications Manager
   bnilsson|Björn|Nilsson|Press Officer
   szhang|Shu|Zhang|Social Media Editor
   oortiz|Óscar|Ortiz|Video Producer|must change
People:
 nabdi|Nasra|Abdi|Chief People Officer
  emuller|Eva|Müller|People Partner
  dkelly|Deirdre|Kelly|People Partner
  rsingh|Raj|Singh|Recruiter
  mlopes|Marisa|Lopes|Recruiter
  tvirtanen|Tuomas|Virtanen|Learning Specialist
  pcruz|Paz|Cruz|People Operations Specialist
  hmori|Hina|Mori|People Operations Specialist
Legal:
 sgrant|Simone|Grant|General Counsel
  hdevries|Hugo|de Vries|Corporate Counsel
  alevi|Ayala|Levi|Corporate Counsel
  kthapa|Kiran|Thapa|Privacy Counsel
  ymoretti|Ylenia|Moretti|Contract Manager
  jcampbell|Jean|Campbell|Paralegal
  aquaye|Abena|Quaye|Paralegal
Operations:
 mwright|Malcolm|Wright|Chief Operating Officer
  eandersen|Ella|Andersen|Logistics Manager
   fkaya|Fatma|Kaya|Supply Planner
   gpapadakis|Giorgos|Papadakis|Supply Planner
   hmoyo|Hope|Moyo|Warehouse Lead
   irodriguez|Inés|Rodríguez|Dispatcher
   jkoch|Jan|Koch|Dispatcher
  lsorensen|Lærke|Sørensen|Customer Care Manager
   mokonkwo|Muna|Okonkwo|Customer Care Agent
   nperez|Noa|Pérez|Customer Care Agent
   okuznetsov|Oleg|Kuznetsov|Customer Care Agent
   pwilson|Priya|Wilson|Customer Care Agent
   rhernandez|Rosa|Hernández|Customer Care Agent
   ssimic|Saša|Šimić|Customer Care Agent
   tbrown|Tess|Brown|Customer Care Agent
  uvolkov|Ula|Volkov|Facilities Manager
   vamari|Viola|Amari|Office Coordinator
   jsoto|Jimena|Soto|Office Coordinator
   wfoster|Wesley|Foster|Office Coordinator
IT:
 csteele|Cora|Steele|Chief Information Officer
  ubrandt|Ulf|Brandt|Helpdesk Lead
   dreyes|Dana|Reyes|Helpdesk Agent
   nquist|Nora|Quist|Helpdesk Trainee
   abaptiste|André|Baptiste|Helpdesk Agent
   jbanerjee|Jaya|Banerjee|Helpdesk Agent
   lkowalski|Leon|Kowalski|Helpdesk Agent
   rwest|Robin|West|Helpdesk Agent
  ymoreno|Yago|Moreno|Infrastructure Manager
   ghill|Grace|Hill|Systems Engineer|lab
   sito|Shun|Ito|Systems Engineer|lab
   tclarke|Tariq|Clarke|Network Engineer|lab
   vkapoor|Veda|Kapoor|Database Administrator|lab
  bsilva|Bruna|Silva|Security Manager
   eyoung|Elis|Young|Security Analyst
   mosei|Mawuli|Osei|Security Analyst
   kdang|Khanh|Dang|Security Analyst
   xpeng|Xia|Peng|Identity Engineer|lab
`
